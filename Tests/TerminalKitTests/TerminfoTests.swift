import Foundation
import TerminalCurses
import Testing

/// Entries of this machine, judged by ncurses' own tools.
@Suite("Terminfo entries") struct TerminfoTests {
    private static let terms = ["xterm-256color", "tmux-256color", "screen", "linux", "rxvt-unicode-256color", "vt100"]
    private static let database = TerminfoDatabase(environment: [:])

    private static func run(_ command: [String], terminfo: String? = nil) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = (terminfo.map { ["TERMINFO=\($0)"] } ?? []) + command
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return [UInt8](data)
    }

    private static func description(of term: String, in folder: String? = nil) throws -> String {
        let text = String(decoding: try run(["infocmp", "-x", "-1", term], terminfo: folder), as: UTF8.self)
        // The first line names the file.
        return text.split(separator: "\n").dropFirst().joined(separator: "\n")
    }

    /// Calls with a folder that holds the entry.
    private func with(_ entry: TerminfoEntry, term: String, _ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "/terminfo-\(UUID().uuidString)"
        let inner = folder + "/" + term.prefix(1)
        try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(entry.bytes).write(to: URL(fileURLWithPath: inner + "/" + term))
        try body(folder)
    }

    @Test("what is written is read the same, by us and by ncurses", arguments: terms)
    func roundTrip(term: String) throws {
        let entry = try #require(Self.database.entry(of: term))
        #expect(TerminfoEntry(entry.bytes) == entry)
        try with(entry, term: term) { folder in
            let read = try Self.description(of: term, in: folder)
            let known = try Self.description(of: term)
            #expect(read == known && !known.isEmpty)
        }
    }

    @Test("the changed entry has direct colours, and else what it had", arguments: terms.filter { $0 != "vt100" })
    func changes(term: String) throws {
        let entry = try #require(Self.database.entry(of: term).flatMap(DirectColor.changed))
        try with(entry, term: term) { folder in
            let before = Set(try Self.description(of: term).split(separator: "\n"))
            let after = Set(try Self.description(of: term, in: folder).split(separator: "\n"))
            let names = after.symmetricDifference(before).map {
                String($0.trimmingCharacters(in: .whitespaces).prefix { $0.isLetter })
            }
            let allowed: Set = ["RGB", "colors", "pairs", "setaf", "setab", "ccc", "initc"]
            #expect(Set(names).isSubset(of: allowed))
            #expect(after.contains("\tRGB,") && after.contains("\tcolors#0x1000000,"))
            let select = { (layer: String, color: Int) in
                String(
                    decoding: try Self.run(["tput", "-T", term, layer, "\(color)"], terminfo: folder), as: UTF8.self)
            }
            #expect(try select("setaf", 0xFF8801) == "\u{1B}[38;2;255;136;1m")
            #expect(try select("setab", 0x00000A) == "\u{1B}[48;2;0;0;10m")
            #expect(try select("setab", 3) == "\u{1B}[43m")
        }
    }

    @Test("a terminal without colours, or with direct ones, stays as it is")
    func leaves() throws {
        #expect(DirectColor.changed(try #require(Self.database.entry(of: "vt100"))) == nil)
        let direct = try #require(Self.database.entry(of: "xterm-256color").flatMap(DirectColor.changed))
        #expect(DirectColor.changed(direct) == nil)
        #expect(Self.database.entry(of: "no-such-terminal") == nil)
        #expect(Self.database.entry(of: "../x/xterm") == nil)
    }

    @Test("a file that is cut anywhere is no entry or less of one, and never a trap")
    func cut() throws {
        let bytes = try #require(Self.database.entry(of: "xterm-256color")).bytes
        for count in 0..<bytes.count { _ = TerminfoEntry(Array(bytes[..<count])) }
        #expect(TerminfoEntry(Array(bytes[..<100])) == nil)
        #expect(TerminfoEntry(Array(repeating: 0xFF, count: 4096)) == nil)
        for place in stride(from: 0, to: bytes.count, by: 7) {
            var damaged = bytes
            damaged[place] = 0xFE
            _ = TerminfoEntry(damaged)?.bytes
        }
    }
}

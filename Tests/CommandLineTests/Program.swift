import Foundation
import TopsailTestSupport

/// The built `topsail`, run as a person runs it: arguments and standard input in, output and exit status out.
struct Program {
    /// What a run gave.
    struct Result {
        var status: Int32
        var output: String
        var errors: String

        /// The one JSON document on standard output.
        func json() throws -> JSONValue { try JSONDecoder().decode(JSONValue.self, from: Data(output.utf8)) }

        /// Standard output as JSON Lines.
        func jsonLines() throws -> [JSONValue] {
            try output.split(separator: "\n").map { try JSONDecoder().decode(JSONValue.self, from: Data($0.utf8)) }
        }
    }

    /// Has its home, workspace and settings in a folder of its own.
    let folder: TemporaryFolder
    var environment: [String: String]

    init() throws {
        folder = try TemporaryFolder()
        environment = ProcessInfo.processInfo.environment
        for name in ["TOPSAIL_DATA", "XDG_DATA_HOME", "XDG_STATE_HOME", "TMUX"] { environment[name] = nil }
        environment["HOME"] = folder.url.path
        environment["TOPSAIL_HOME"] = folder.path("workspace")
    }

    var workspace: String { folder.path("workspace") }

    /// As if the explorer had been opened before.
    func skipTour() throws {
        let state = folder.path(".local/state/topsail")
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        try Data("true".utf8).write(to: URL(fileURLWithPath: state + "/tour.json"))
    }

    /// `topsail` beside the test bundle, which is this process.
    static let path: String = {
        let tests =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("topsail").path
    }()

    /// Runs it to its end.
    func run(_ arguments: String..., input: String = "") throws -> Result {
        try run(arguments, input: input)
    }

    func run(_ arguments: [String], input: String = "") throws -> Result {
        let running = try start(arguments, input: input)
        return try running.finish()
    }

    func start(_ arguments: [String], input: String = "") throws -> Running {
        try Running(arguments, environment: environment, input: input, folder: folder)
    }
}

/// A run that is under way.
final class Running {
    let process = Process()
    private let output: String
    private let errors: String

    /// Output goes to files, so that no amount of it can block.
    fileprivate init(
        _ arguments: [String], environment: [String: String], input: String, folder: TemporaryFolder
    ) throws {
        let name = UUID().uuidString
        output = try folder.file("\(name).out", [UInt8]())
        errors = try folder.file("\(name).err", [UInt8]())
        process.executableURL = URL(fileURLWithPath: Program.path)
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = folder.url
        process.standardInput = try FileHandle(
            forReadingFrom: URL(fileURLWithPath: folder.file("\(name).in", Data(input.utf8))))
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
        try process.run()
    }

    func finish() throws -> Program.Result {
        process.waitUntilExit()
        // A process that a signal ended has the shell's status for it.
        let status =
            process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
        // What a killed program wrote may end within a character.
        func text(_ path: String) throws -> String {
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        }
        return Program.Result(status: status, output: try text(output), errors: try text(errors))
    }

    /// Waits until something holds, at most ten seconds.
    func wait(until condition: () -> Bool) -> Bool {
        for _ in 0..<200 {
            if condition() { return true }
            Thread.sleep(forTimeInterval: 0.05)
        }
        return condition()
    }
}

import Foundation
import TopsailTestSupport

/// A shell in a tmux window of a server of its own: what a person sees of the program in a terminal.
final class TmuxScreen {
    /// Why tests with it are skipped; `nil` where there is a tmux.
    static let absence: String? = {
        let result = try? call(["tmux", "-V"])
        return result?.status == 0 ? nil : "there is no tmux"
    }()

    private let socket = "topsail-\(UUID().uuidString.prefix(8))"
    private let program: Program

    /// - Parameters:
    ///   - variables: Set in the shell, over those of the program; an empty value takes one away.
    init(
        _ program: Program, columns: Int = 80, rows: Int = 24, term: String? = nil, variables: [String: String] = [:]
    ) throws {
        self.program = program
        var words = ["env", "-u", "NO_COLOR", "-u", "ACCESSIBLE", "-u", "TMUX_TMPDIR"]
        let wanted = [
            "HOME": program.environment["HOME"]!, "TOPSAIL_HOME": program.workspace, "LC_ALL": "C.UTF-8",
            "PS1": "ready$ ", "HISTFILE": "/dev/null",
        ].merging(variables) { $1 }
        words += wanted.map { "\($0)=\($1)" } + ["sh", "-i"]
        try tmux(
            [
                "-f", "/dev/null", "new-session", "-d", "-c", program.folder.url.path, "-x", "\(columns)", "-y",
                "\(rows)",
            ] + words)
        try tmux(["set", "-g", "default-terminal", "screen-256color"])
        _ = wait { $0.contains("ready$") }
        if let term { try type("export TERM=\(term)\n") }
    }

    deinit { _ = try? tmux(["kill-server"]) }

    /// Types text and presses Enter where it has a line end.
    func type(_ text: String) throws {
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if number > 0 { try press("Enter") }
            if !line.isEmpty { try tmux(["send-keys", "-l", String(line)]) }
        }
    }

    /// Presses keys by tmux's names.
    func press(_ keys: String...) throws { try tmux(["send-keys"] + keys) }

    var workspace: String { program.workspace }

    /// Pastes text as a terminal does, with the marks of a bracketed paste.
    func paste(_ text: String) throws {
        let file = try program.folder.file("paste.txt", Data(text.utf8))
        try tmux(["load-buffer", file])
        try tmux(["paste-buffer", "-p"])
    }

    /// Starts the program in the shell.
    func start(_ arguments: String = "") throws { try type("'\(Program.path)' \(arguments)\n") }

    func resize(columns: Int, rows: Int) throws {
        try tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
    }

    /// What is on the screen now; with colours as escape sequences.
    func capture(withColors: Bool = false) -> String {
        (try? Self.call(["tmux", "-L", socket, "capture-pane", "-p"] + (withColors ? ["-e"] : [])))?.output ?? ""
    }

    /// Polls until the screen shows what is wanted, at most twenty seconds.
    ///
    /// - Returns: The screen then, or `nil`.
    func wait(until condition: (String) -> Bool) -> String? {
        for _ in 0..<400 {
            let screen = capture()
            if condition(screen) { return screen }
            Thread.sleep(forTimeInterval: 0.05)
        }
        return nil
    }

    func wait(for words: String) -> String? { wait { $0.contains(words) } }

    /// Whether the terminal works as before: the shell answers, echoes what is typed, and nothing of the explorer is left.
    func isRestored() throws -> Bool {
        // What is typed while it still leaves would be taken by the program. Half of a frame after a resize lacks the hints too; the
        // shell's line is there only once the other screen is gone.
        _ = wait { $0.contains("ready$") && !$0.contains("? help") }
        // The prompt may come before or after what is typed, and so may stand before the answer.
        try type("stty -a | grep -c ' echo ' | sed s/^/echoes:/\n")
        let screen = wait { $0.contains("echoes:1") }
        return screen.map { !$0.contains("Categories") } ?? false
    }

    /// The server that the first call starts keeps open what it inherits, the descriptor by which the end of a process is noticed
    /// among it; so those are closed before.
    private func tmux(_ arguments: [String]) throws {
        let close =
            "for f in /proc/self/fd/*; do n=${f##*/}; [ $n -gt 2 ] && eval \"exec $n>&-\"; done; exec tmux \"$@\""
        _ = try Self.call(["bash", "-c", close, "tmux", "-L", socket] + arguments, readsOutput: false)
    }

    private static func call(
        _ command: [String], readsOutput: Bool = true
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // Threads that tests run on have signals blocked, and a server that is started so never hears that its shells have ended.
        process.arguments = ["--default-signal", "-u", "TMUX"] + command
        let pipe = Pipe()
        if readsOutput { process.standardOutput = pipe } else { process.standardOutput = FileHandle.nullDevice }
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = readsOutput ? pipe.fileHandleForReading.readDataToEndOfFile() : Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}

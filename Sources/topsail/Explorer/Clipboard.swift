import Foundation
import TopsailCore

/// Puts text on the clipboard by the way that works from where the program runs.
enum Clipboard {
    /// - Returns: The way in words.
    /// - Throws: `CommandFailure` when there is none.
    static func copy(_ text: String) async throws -> String {
        let environment = ProcessInfo.processInfo.environment
        if environment["TMUX"] != nil, try feed(text, to: ["tmux", "load-buffer", "-w", "-"]) { return "via tmux" }
        if environment["WAYLAND_DISPLAY"] != nil, try feed(text, to: ["wl-copy"]) { return "via wl-copy" }
        if environment["DISPLAY"] != nil, try feed(text, to: ["xclip", "-selection", "clipboard"]) {
            return "via xclip"
        }
        try await MainActor.run { try sendToTerminal(text) }
        return "via the terminal (OSC 52)"
    }

    /// Terminals that allow it take a base64 text into their clipboard, over SSH as well. On the main actor, where frames are
    /// drawn, so that no frame is written into the middle of it.
    @MainActor
    private static func sendToTerminal(_ text: String) throws {
        guard let terminal = FileHandle(forWritingAtPath: "/dev/tty") else {
            throw CommandFailure("there is no terminal to hand the text to")
        }
        terminal.write(Data("\u{1B}]52;c;\(Data(text.utf8).base64EncodedString())\u{7}".utf8))
    }

    /// - Returns: Whether the program is there and took the text.
    private static func feed(_ text: String, to command: [String]) throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        let input = Pipe()
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        // A program that is not there closes the pipe: writing must fail then and not end this program.
        signal(SIGPIPE, SIG_IGN)
        try? input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

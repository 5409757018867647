import Foundation
import TopsailCore

/// Results go here and nothing else.
enum StandardOutput {
    static func line(_ text: String) { print(text) }

    /// Writes text as it is, without a line end.
    static func write(_ text: String) { print(text, terminator: "") }

    /// Shows what was written so far, for output that comes bit by bit.
    static func flush() { fflush(nil) }

    static var isTerminal: Bool { isatty(STDOUT_FILENO) != 0 }

    /// - Throws: When not everything could be written, as on a full disk.
    static func finish() throws {
        guard fflush(nil) != 0 else { return }
        throw CommandFailure("standard output cannot be written: \(String(cString: strerror(errno)))")
    }
}

/// Progress, warnings and errors go here.
enum StandardError {
    static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    static func line(_ text: String) { write(text + "\n") }

    static func warning(_ text: String) { line("warning: " + text) }

    static func failure(_ text: String, hint: String?) {
        line("error: " + text)
        if let hint { line("hint: " + hint) }
    }

    static var isTerminal: Bool { isatty(STDERR_FILENO) != 0 }
}

/// A failure that only a command can have; the libraries throw their own.
struct CommandFailure: UserFacingError {
    var description: String
    var hint: String?

    init(_ description: String, hint: String? = nil) {
        self.description = description
        self.hint = hint
    }
}

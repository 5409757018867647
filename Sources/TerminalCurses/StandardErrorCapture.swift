import CNcurses
import Foundation

/// Standard error kept off the screen: it goes to a log, and the end of it is printed when the screen is given back.
struct StandardErrorCapture {
    private let log: CInt
    private let start: off_t
    private static let tailLimit = 4096

    /// - Parameter path: A file to append to; a file without a name when `nil` or when it cannot be opened.
    init?(path: String?) {
        let named = path.map { open($0, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) } ?? -1
        log = named >= 0 ? named : Self.openUnnamed()
        start = lseek(log, 0, SEEK_END)
        guard log >= 0, tscn_capture_stderr(log) else {
            if log >= 0 { close(log) }
            return nil
        }
    }

    /// Gives standard error back and prints the end of what was written to it.
    func release() {
        tscn_release_stderr()
        let end = lseek(log, 0, SEEK_END)
        let from = max(start, end - off_t(Self.tailLimit))
        if end > from {
            var bytes = [UInt8](repeating: 0, count: Int(end - from))
            let count = pread(log, &bytes, bytes.count, from)
            if count > 0 { _ = write(STDERR_FILENO, bytes, count) }
        }
        close(log)
    }

    private static func openUnnamed() -> CInt {
        var template = Array((NSTemporaryDirectory() + "/screen-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { return -1 }
        unlink(template)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, O_APPEND)
        return descriptor
    }
}

import Foundation

/// The few system calls that Foundation does not offer in the form needed, with their errors as errno values.
enum SystemCall {
    /// The system's own words for an error number, e.g. "No such file or directory".
    static func message(_ code: CInt) -> String { String(cString: strerror(code)) }

    /// Calls again while a signal interrupts, and gives the errno of a failure.
    ///
    /// - Returns: The call's result, or the error number when that was `-1`.
    static func retrying<I: FixedWidthInteger>(_ call: () -> I) -> Result<I, Errno> {
        while true {
            let result = call()
            if result != -1 { return .success(result) }
            if errno != EINTR { return .failure(Errno(code: errno)) }
        }
    }

    struct Errno: Error {
        var code: CInt
    }
}

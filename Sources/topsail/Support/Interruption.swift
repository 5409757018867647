import Foundation
import Synchronization

/// Ctrl-C during work that must clean up: the first one asks the work to end, the second ends the process at once.
///
/// Outside of such work the signal does what it does to any program.
enum Interruption {
    private static let isRequestedFlag = Atomic<Bool>(false)

    static var isRequested: Bool { isRequestedFlag.load(ordering: .relaxed) }

    /// Runs `body`, which looks at `isRequested` now and then and throws `CancellationError`.
    static func handled<Result>(_ body: () throws -> Result) rethrows -> Result {
        install()
        defer { restore() }
        return try body()
    }

    /// Throws if the work was asked to end.
    static func check() throws {
        if isRequested { throw CancellationError() }
    }

    private static func install() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                // Nothing but an atomic store and two calls that are allowed in a signal handler.
                if Interruption.isRequestedFlag.exchange(true, ordering: .relaxed) {
                    signal(number, SIG_DFL)
                    raise(number)
                }
            }
        }
    }

    private static func restore() {
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
    }
}

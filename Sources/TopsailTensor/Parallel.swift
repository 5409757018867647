import Dispatch
import Foundation
import Synchronization

/// Work shared over the machine's cores in small pieces.
///
/// Pieces are claimed one by one, so a core that is busy with another program takes fewer of them, and idle workers sleep.
public enum Parallel {
    private static let configured = Atomic<Int>(0)

    /// Threads used by parallel loops; the number of active cores unless set.
    public static var threads: Int {
        let value = configured.load(ordering: .relaxed)
        return value > 0 ? value : max(1, ProcessInfo.processInfo.activeProcessorCount)
    }

    /// Sets the number of threads; 0 goes back to the number of cores.
    public static func setThreads(_ count: Int) { configured.store(max(0, count), ordering: .relaxed) }

    /// Calls `body` once with each index below `count`, on several threads at once, and returns when all calls have.
    ///
    /// Calls for different indices must not write to the same memory. One index, or one thread, runs in place.
    public static func forEach(count: Int, _ body: @Sendable (Int) -> Void) {
        let workers = min(threads, count)
        guard workers > 1 else {
            for index in 0..<max(count, 0) { body(index) }
            return
        }
        let next = WorkCounter()
        DispatchQueue.concurrentPerform(iterations: workers) { _ in
            while let index = next.claim(below: count) { body(index) }
        }
    }

    /// Splits `0 ..< count` into runs of at least `minimum` and calls `body` with each, in parallel.
    public static func forRanges(count: Int, minimum: Int = 1, _ body: @Sendable (Range<Int>) -> Void) {
        guard count > 0 else { return }
        // A few more pieces than threads evens out a core that is busy elsewhere.
        let pieces = max(1, min(threads == 1 ? 1 : threads * 4, count / max(minimum, 1)))
        forEach(count: pieces) { piece in
            body(count * piece / pieces..<count * (piece + 1) / pieces)
        }
    }
}

private final class WorkCounter: Sendable {
    private let next = Atomic<Int>(0)

    func claim(below count: Int) -> Int? {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        return index < count ? index : nil
    }
}

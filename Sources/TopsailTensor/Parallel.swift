import Foundation
import Synchronization

/// Work shared over the machine's cores in small pieces.
///
/// Pieces are claimed one by one, so a core that is busy with another program takes fewer of them, and idle workers sleep.
/// What a piece computes must not depend on who computes it; then results do not depend on the number of threads.
public enum Parallel {
    private static let configured = Atomic<Int>(0)
    private static let cores = max(1, ProcessInfo.processInfo.activeProcessorCount)

    /// Threads used by parallel loops; the number of active cores unless set.
    public static var threads: Int {
        let value = configured.load(ordering: .relaxed)
        return value > 0 ? value : cores
    }

    /// Sets the number of threads; 0 goes back to the number of cores.
    public static func setThreads(_ count: Int) { configured.store(max(0, count), ordering: .relaxed) }

    /// Calls `body` once with each index below `count`, on several threads at once, and returns when all calls have.
    ///
    /// Calls for different indices must not write to the same memory. One index, or one thread, runs in place; so does a loop
    /// inside another one, and one that begins while another thread's loop has the workers.
    public static func forEach(count: Int, _ body: @Sendable (Int) -> Void) {
        let workers = min(threads, count) - 1
        guard workers > 0, WorkerPool.shared.run(count: count, workers: workers, body) else {
            for index in 0..<max(count, 0) { body(index) }
            return
        }
    }

    /// What `body` makes of each index below `count`, in their order; several at once, as with `forEach`.
    public static func map<Value: Sendable>(count: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
        let values = Mutex([Value?](repeating: nil, count: max(count, 0)))
        forEach(count: count) { index in
            let value = body(index)
            values.withLock { $0[index] = value }
        }
        return values.withLock { $0.map { $0! } }
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

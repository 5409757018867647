import CKernels
import Foundation
import Synchronization

/// Threads that help one parallel loop at a time.
///
/// Loops follow each other within microseconds while a model reads or writes, so a worker that finds nothing to do looks out
/// for the next loop for a moment before it sleeps, and sleeps without cost after that. The caller works too and never waits for a
/// worker that has not claimed a piece: when another program holds the other cores, it does the whole loop itself. A worker that
/// loses its core in the middle of a piece holds up the caller for as long as the scheduler pleases; after such a stall the caller
/// works alone for ten times as long, so that stalls cost a tenth at most, however busy the machine is. How long a piece takes by
/// itself the caller knows from its own.
final class WorkerPool: Sendable {
    static let shared = WorkerPool()

    /// How long a worker looks out for more work, and the caller for the last pieces, before they sleep.
    private static let patience = Duration.microseconds(40)
    /// A wait this long, and twice as long as a piece takes, means that a worker has lost its core.
    private static let stall = Duration.microseconds(300)
    private static let longestAlone = Duration.milliseconds(100)

    /// The current loop in one word, so that a claim either takes a piece of exactly this loop or fails: its number in the
    /// upper half, pieces not yet claimed in the lower.
    private let unclaimed = Atomic<UInt64>(0)
    private let finished = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    private let callerSleeps = Atomic<Bool>(false)
    /// Workers that may take part in the current loop; those with a higher number look away.
    private let invited = Atomic<Int>(0)
    /// Written by the caller before it publishes a loop; read only by those who hold a piece of it.
    private nonisolated(unsafe) var body: ((Int) -> Void)?
    private nonisolated(unsafe) var count = 0
    /// Held while a loop runs.
    private let occupied = Atomic<Bool>(false)
    private nonisolated(unsafe) var started = 0
    /// No helpers before this moment.
    private nonisolated(unsafe) var aloneUntil = ContinuousClock.now
    private let condition = NSCondition()

    /// Runs the loop with up to `workers` helpers, or does nothing and returns `false` when another loop is running.
    func run(count: Int, workers: Int, _ body: (Int) -> Void) -> Bool {
        guard count < Int(UInt32.max), !occupied.exchange(true, ordering: .acquiring) else { return false }
        defer { occupied.store(false, ordering: .releasing) }
        guard ContinuousClock.now >= aloneUntil else { return false }
        withoutActuallyEscaping(body) { body in
            start(workers)
            self.body = body
            self.count = count
            publish(count: count, workers: workers)
            var longestPiece = Duration.zero
            var begun = ContinuousClock.now
            while let index = claim() {
                perform(index)
                let end = ContinuousClock.now
                longestPiece = max(longestPiece, end - begun)
                begun = end
            }
            awaitLastPieces(of: longestPiece)
            self.body = nil
        }
        return true
    }

    private func publish(count: Int, workers: Int) {
        finished.store(0, ordering: .relaxed)
        invited.store(workers, ordering: .relaxed)
        let number = unclaimed.load(ordering: .relaxed) >> 32 &+ 1
        unclaimed.store(number << 32 | UInt64(count), ordering: .sequentiallyConsistent)
        // A worker counts itself as sleeping before it looks a last time: one of both sees the other.
        if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wakeAll() }
    }

    /// The next piece of the current loop.
    private func claim() -> Int? {
        var word = unclaimed.load(ordering: .acquiring)
        while word & 0xFFFF_FFFF > 0 {
            let (exchanged, original) = unclaimed.weakCompareExchange(
                expected: word, desired: word - 1, ordering: .acquiringAndReleasing)
            if exchanged { return count - Int(word & 0xFFFF_FFFF) }
            word = original
        }
        return nil
    }

    private func perform(_ index: Int) {
        let total = count
        body!(index)
        // Nothing of this loop may be touched after the last piece is counted.
        let done = finished.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue
        if done == total, callerSleeps.load(ordering: .sequentiallyConsistent) { wakeAll() }
    }

    private var isFinished: Bool { finished.load(ordering: .sequentiallyConsistent) == count }

    /// Waits for pieces that workers still have. Sleeping frees this core for a worker that lost its own to another program.
    private func awaitLastPieces(of longestPiece: Duration) {
        let start = ContinuousClock.now
        guard !lookOut(for: { isFinished }) else { return }
        condition.lock()
        callerSleeps.store(true, ordering: .sequentiallyConsistent)
        while !isFinished { condition.wait() }
        callerSleeps.store(false, ordering: .relaxed)
        condition.unlock()
        let end = ContinuousClock.now
        let waited = end - start
        if waited > max(Self.stall, longestPiece * 2) { aloneUntil = end + min(waited * 10, Self.longestAlone) }
    }

    /// Whether the event came before patience ran out.
    private func lookOut(for event: () -> Bool) -> Bool {
        if event() { return true }
        let end = ContinuousClock.now + Self.patience
        repeat {
            for _ in 0..<8 {
                if event() { return true }
                tsk_relax()
            }
        } while ContinuousClock.now < end
        return false
    }

    private func wakeAll() {
        condition.lock()
        condition.broadcast()
        condition.unlock()
    }

    // MARK: Workers

    private func start(_ workers: Int) {
        while started < workers {
            let number = started
            let thread = Thread { [self] in work(as: number) }
            thread.name = "topsail-\(number + 1)"
            thread.stackSize = 4 << 20
            thread.start()
            started += 1
        }
    }

    private func hasWork(for number: Int) -> Bool {
        unclaimed.load(ordering: .sequentiallyConsistent) & 0xFFFF_FFFF > 0 && number < invited.load(ordering: .relaxed)
    }

    private func work(as number: Int) -> Never {
        while true {
            if lookOut(for: { hasWork(for: number) }) {
                while let index = claim() { perform(index) }
            } else {
                condition.lock()
                sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
                while !hasWork(for: number) { condition.wait() }
                sleepers.wrappingSubtract(1, ordering: .relaxed)
                condition.unlock()
            }
        }
    }
}

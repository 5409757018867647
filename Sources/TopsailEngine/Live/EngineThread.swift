import Dispatch

/// A thread of its own for an actor whose work blocks for long stretches, so that matrix products never sit in the
/// cooperative pool.
final class EngineThread: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

import TopsailCore
import TopsailTensor

/// Samples many continuations side by side, so that each weight is read once for all of them.
public final class BatchGenerator {
    /// One text to continue.
    public struct Job: Sendable {
        /// The caller's name for it.
        public var id: Int
        public var prompt: [TokenID]
        public var maxTokens: Int
        public var options: SamplingOptions
        public var seed: UInt64

        public init(id: Int, prompt: [TokenID], maxTokens: Int, options: SamplingOptions, seed: UInt64) {
            self.id = id
            self.prompt = prompt
            self.maxTokens = maxTokens
            self.options = options
            self.seed = seed
        }
    }

    private struct Running {
        var job: Job
        var sampler: Sampler
        var generated: [TokenID] = []
    }

    private let session: ModelSession
    private let penaltyWindow = 128

    /// - Parameters:
    ///   - width: Continuations sampled at once.
    ///   - capacity: Longest prompt and continuation together, in tokens.
    public init(_ model: LanguageModel, precision: Precision, width: Int, capacity: Int) {
        session = ModelSession(
            model, precision: precision, slots: width, capacity: capacity, maximumRows: max(width, 512))
    }

    /// Runs jobs until `next` has none left. What a job yields depends on its own prompt and seed alone.
    ///
    /// - Parameters:
    ///   - next: The next job; asked whenever a place is free.
    ///   - finished: Called with each job and the tokens it yielded, the ending one left out.
    public func run(
        next: () -> Job?, isCancelled: () -> Bool = { false }, finished: (Job, [TokenID]) throws -> Void
    ) throws {
        var running: [Int: Running] = [:]
        var free = Array((0..<session.slots).reversed())
        var exhausted = false
        while true {
            while !exhausted, let slot = free.last {
                guard let job = next() else {
                    exhausted = true
                    break
                }
                free.removeLast()
                session.truncate(slot: slot, to: 0)
                running[slot] = Running(job: job, sampler: Sampler(job.options, seed: job.seed))
            }
            guard !running.isEmpty else { return }
            let slots = running.keys.sorted()
            let runs = slots.map { slot in
                let state = running[slot]!
                return state.generated.isEmpty ? state.job.prompt[...] : state.generated.suffix(1)
            }
            let logits = try session.append(runs, slots: slots, logits: .last, isCancelled: isCancelled)
            let tokens = sample(logits, slots, &running)
            for (slot, token) in zip(slots, tokens) where ends(running[slot]!, with: token) {
                let state = running.removeValue(forKey: slot)!
                let ended = session.model.endTokens.contains(token)
                try finished(state.job, ended ? Array(state.generated.dropLast()) : state.generated)
                free.append(slot)
            }
        }
    }

    private func ends(_ state: Running, with token: TokenID) -> Bool {
        session.model.endTokens.contains(token) || state.generated.count >= state.job.maxTokens
            || state.job.prompt.count + state.generated.count >= session.capacity
    }

    /// Draws one token for each slot, in parallel over slots.
    private func sample(_ logits: borrowing FloatMatrix, _ slots: [Int], _ running: inout [Int: Running]) -> [TokenID] {
        let states = slots.map { running[$0]! }
        let vocabulary = logits.columns
        nonisolated(unsafe) let pointer = logits.pointer
        let window = penaltyWindow
        var drawn = Array(repeating: (Sampler(.greedy, seed: 0), TokenID(0)), count: slots.count)
        drawn.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let buffer = buffer
            Parallel.forEach(count: states.count) { index in
                var sampler = states[index].sampler
                let token = sampler.next(
                    UnsafeMutableBufferPointer(start: pointer + index * vocabulary, count: vocabulary),
                    history: states[index].generated.suffix(window))
                buffer[index] = (sampler, token)
            }
        }
        for (slot, (sampler, token)) in zip(slots, drawn) {
            running[slot]!.sampler = sampler
            running[slot]!.generated.append(token)
        }
        return drawn.map(\.1)
    }
}

import TopsailCore
import TopsailModel

/// The texts to sample, in a fixed order: each round uses every seed once, shuffled, so that any beginning of the
/// plan is balanced over topics.
struct SynthesisPlan {
    /// One text to sample.
    struct Item {
        /// Place in the plan.
        var index: Int
        var round: Int
        /// Position of the seed in the seeds file.
        var seedIndex: Int
        var maxTokens: Int
        var sampling: SamplingOptions
        var randomSeed: UInt64
    }

    let options: SynthesisOptions
    let seedCount: Int

    var count: Int { options.rounds * seedCount }

    /// The items of one round, in the plan's order.
    func round(_ round: Int) -> [Item] {
        var shuffler = SeededGenerator(seed: StableHash.combine(options.seed, UInt64(round)))
        return (0..<seedCount).shuffled(using: &shuffler).enumerated().map { place, seedIndex in
            item(index: round * seedCount + place, round: round, seedIndex: seedIndex)
        }
    }

    private func item(index: Int, round: Int, seedIndex: Int) -> Item {
        let key = StableHash.combine(StableHash.combine(options.seed, UInt64(round)), UInt64(seedIndex))
        let span = UInt64(max(options.longestLimit - options.shortestLimit, 0) + 1)
        return Item(
            index: index, round: round, seedIndex: seedIndex,
            maxTokens: options.shortestLimit + Int(StableHash.mix(key) % span),
            sampling: SamplingOptions(
                temperature: options.temperatures[round % options.temperatures.count], topK: options.topK,
                topP: options.topP,
                repetitionPenalty: options.repetitionPenalties[round % options.repetitionPenalties.count]),
            randomSeed: key)
    }
}

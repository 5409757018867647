import TopsailCore

extension PartEncoder {
    mutating func write(_ collection: NeuronCollection) throws {
        try write(collection.counts)
        for tally in collection.neurons { try write(tally) }
    }

    mutating func write(_ heldOut: HeldOutFeatures) throws {
        try write(heldOut.runs.count)
        for run in heldOut.runs {
            try write(run.document)
            try write(run.count)
        }
        for token in heldOut.tokens {
            try write(Int(token.token))
            // 0 stands for none.
            try write(token.previous.map { Int($0) + 1 } ?? 0)
            try write(token.features.count)
            for feature in token.features {
                try write(Int(feature.index))
                try write(feature.value)
            }
        }
    }

    private mutating func write(_ counts: CorpusCounts) throws {
        try write(counts.total)
        for count in counts.tokens { try write(count) }
        for count in counts.previous { try write(count) }
        for count in counts.topics { try write(count) }
    }

    /// A neuron that never fired is one byte.
    private mutating func write(_ tally: NeuronTally) throws {
        try write(tally.fired)
        guard tally.fired > 0 else { return }
        try write(tally.activation)
        try write(tally.maximum)
        try writeHistogram(tally.histogram)
        let tail = tally.tail.largest
        try write(tail.count)
        for value in tail { try write(value) }
        try write(tally.top.contexts.count)
        for context in tally.top.contexts { try write(context) }
        let samples = tally.bands.kept
        try write(samples.count)
        for sample in samples {
            try write(fixed: sample.hash)
            try write(sample.context)
        }
        try write(tally.atToken)
        try write(tally.afterToken)
        for sum in tally.byTopic { try write(sum) }
    }

    /// The bins from the first to the last that are occupied.
    private mutating func writeHistogram(_ bins: [UInt32]) throws {
        let first = bins.firstIndex { $0 > 0 } ?? 0
        let end = bins.lastIndex { $0 > 0 }.map { $0 + 1 } ?? 0
        try write(first)
        try write(end - first)
        for bin in bins[first..<end] { try write(Int(bin)) }
    }

    private mutating func write(_ context: PeakContext) throws {
        try write(context.document)
        try write(context.position)
        try write(context.start)
        try write(context.value)
        try write(context.activations.count)
        let fired = context.activations.indices.filter { context.activations[$0] != 0 }
        try write(fired.count)
        for place in fired {
            try write(place)
            try write(context.activations[place])
        }
    }

    private mutating func write(_ sums: TokenSums) throws {
        try write(sums.entries.count)
        for (token, entry) in sums.sorted {
            try write(Int(token))
            try write(entry.firings)
            try write(entry.sum)
        }
    }

    private mutating func write(_ sum: ExactSum) throws {
        try write(Int(sum.high))
        try write(fixed: sum.low)
    }
}

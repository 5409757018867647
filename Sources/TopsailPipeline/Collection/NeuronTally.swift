import TopsailAnalysis

/// Everything that is kept of one neuron during a collection. Tallies of shards merge to the same result in any
/// order, but for the rounding of sums.
package struct NeuronTally: Sendable {
    package var fired = 0
    package var sum = 0.0
    package var maximum: Float = 0
    /// Firings by `GeometricBins`.
    package var histogram = [UInt32](repeating: 0, count: GeometricBins.count)
    package var tail: UpperTail
    package var top: TopContexts
    package var bands = BandSamples()
    package var atToken = TokenSums()
    package var afterToken = TokenSums()
    /// Activation by topic.
    package var topics: [Double]

    package init(tailCapacity: Int, contexts: Int, topics: Int) {
        tail = UpperTail(capacity: tailCapacity)
        top = TopContexts(capacity: contexts)
        self.topics = Array(repeating: 0, count: topics)
    }

    mutating func fire(_ value: Float) {
        fired += 1
        sum += Double(value)
        maximum = max(maximum, value)
        histogram[GeometricBins.index(of: value)] += 1
        tail.insert(value)
    }

    package mutating func merge(_ other: NeuronTally) {
        fired += other.fired
        sum += other.sum
        maximum = max(maximum, other.maximum)
        for i in histogram.indices { histogram[i] += other.histogram[i] }
        tail.merge(other.tail)
        top.merge(other.top)
        bands.merge(other.bands)
        atToken.merge(other.atToken)
        afterToken.merge(other.afterToken)
        for i in topics.indices { topics[i] += other.topics[i] }
    }
}

import TopsailAnalysis

/// Everything that is kept of one neuron during a collection. Tallies of shards merge to the same result in any order, to
/// the bit.
package struct NeuronTally: Sendable {
    package var fired = 0
    package var activation = ExactSum()
    package var maximum: Float = 0
    /// Firings by `GeometricBins`.
    package var histogram = [UInt32](repeating: 0, count: GeometricBins.count)
    package var tail: UpperTail
    package var top: TopContexts
    package var bands = BandSamples()
    package var atToken = TokenSums()
    package var afterToken = TokenSums()
    /// Activation by topic.
    package var byTopic: [ExactSum]

    package init(tailCapacity: Int, contexts: Int, topics: Int) {
        tail = UpperTail(capacity: tailCapacity)
        top = TopContexts(capacity: contexts)
        byTopic = Array(repeating: ExactSum(), count: topics)
    }

    /// Sum of its activations.
    package var sum: Double { activation.value }
    /// Sums of its activations by topic.
    package var topics: [Double] { byTopic.map(\.value) }

    mutating func fire(_ value: Float) {
        fired += 1
        activation.add(value)
        maximum = max(maximum, value)
        histogram[GeometricBins.index(of: value)] += 1
        tail.insert(value)
    }

    package mutating func merge(_ other: NeuronTally) {
        fired += other.fired
        activation.add(other.activation)
        maximum = max(maximum, other.maximum)
        for i in histogram.indices { histogram[i] += other.histogram[i] }
        tail.merge(other.tail)
        top.merge(other.top)
        bands.merge(other.bands)
        atToken.merge(other.atToken)
        afterToken.merge(other.afterToken)
        for i in byTopic.indices { byTopic[i].add(other.byTopic[i]) }
    }
}

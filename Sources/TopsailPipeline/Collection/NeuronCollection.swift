import TopsailAnalysis
import TopsailCore

/// What one SAE's neurons did on a corpus.
package struct NeuronCollection: Sendable {
    package private(set) var neurons: [NeuronTally]
    package private(set) var counts: CorpusCounts

    /// - Parameter plannedTokens: Counted tokens of the whole corpus, all shards together; decides how much of the tails
    ///   is kept.
    package init(dSAE: Int, plannedTokens: Int, contexts: Int, vocabularySize: Int, topicNames: [String]) {
        let tally = NeuronTally(
            tailCapacity: UpperTail.capacity(for: 0.999, of: plannedTokens), contexts: contexts,
            topics: topicNames.count)
        neurons = Array(repeating: tally, count: dSAE)
        counts = CorpusCounts(vocabularySize: vocabularySize, topicNames: topicNames)
    }

    init(neurons: [NeuronTally], counts: CorpusCounts) {
        self.neurons = neurons
        self.counts = counts
    }

    /// One context of a document with what fired on it.
    package struct Passage {
        /// The document's number in the corpus.
        package var document: Int
        /// Position in `CorpusCounts.topicNames`.
        package var topic: Int
        /// All tokens of the document.
        package var tokens: [TokenID]
        /// The context's positions in the document.
        package var positions: Range<Int>
        /// The positions that count, rising.
        package var counted: [Int]
        /// What fired at each counted position.
        package var features: [[ActiveFeature]]

        package init(
            document: Int, topic: Int, tokens: [TokenID], positions: Range<Int>, counted: [Int],
            features: [[ActiveFeature]]
        ) {
            self.document = document
            self.topic = topic
            self.tokens = tokens
            self.positions = positions
            self.counted = counted
            self.features = features
        }

        /// The document's token before a position; `nil` at its start.
        func token(before position: Int) -> TokenID? { position > 0 ? tokens[position - 1] : nil }
    }

    package mutating func add(_ passage: Passage) {
        var firings: [Int32: [(position: Int, value: Float)]] = [:]
        for (position, features) in zip(passage.counted, passage.features) {
            let token = passage.tokens[position]
            let previous = passage.token(before: position)
            counts.add(token, after: previous, topic: passage.topic)
            for feature in features where feature.value > 0 {
                let index = Int(feature.index)
                neurons[index].fire(feature.value)
                neurons[index].atToken.add(token, activation: feature.value)
                if let previous { neurons[index].afterToken.add(previous, activation: feature.value) }
                neurons[index].byTopic[passage.topic].add(feature.value)
                firings[feature.index, default: []].append((position, feature.value))
            }
        }
        for (index, firings) in firings { keepContexts(of: Int(index), firings, passage) }
    }

    private mutating func keepContexts(of neuron: Int, _ firings: [(position: Int, value: Float)], _ passage: Passage) {
        // Positions rise, so the first of equal values is the one to keep.
        var peak = firings[0]
        for firing in firings where firing.value > peak.value { peak = firing }
        let hash = BandSamples.hash(neuron: neuron, document: passage.document, position: peak.position)
        let isTop = neurons[neuron].top.admits(value: peak.value, document: passage.document, position: peak.position)
        let isSample = neurons[neuron].bands.admits(value: peak.value, hash: hash)
        guard isTop || isSample else { return }
        let window = ContextWindow.around(peak.position, in: passage.positions)
        var activations = [Float](repeating: 0, count: window.count)
        for firing in firings where window.contains(firing.position) {
            activations[firing.position - window.lowerBound] = firing.value
        }
        let context = PeakContext(
            value: peak.value, document: passage.document, position: peak.position, start: window.lowerBound,
            activations: activations)
        if isTop { neurons[neuron].top.insert(context) }
        if isSample { neurons[neuron].bands.insert(context, hash: hash) }
    }

    /// Adds what another shard collected with the same settings.
    package mutating func merge(_ other: NeuronCollection) {
        precondition(neurons.count == other.neurons.count, "shards of one SAE")
        for i in neurons.indices { neurons[i].merge(other.neurons[i]) }
        counts.merge(other.counts)
    }
}

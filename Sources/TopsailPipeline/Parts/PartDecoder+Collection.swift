import TopsailAnalysis
import TopsailCore

extension PartDecoder {
    /// - Parameter like: A collection with the same settings and nothing in it.
    mutating func collection(like: NeuronCollection) throws -> NeuronCollection {
        let counts = try counts(like: like.counts)
        let vocabulary = like.counts.tokens.count
        var neurons = like.neurons
        for index in neurons.indices { try read(into: &neurons[index], vocabulary: vocabulary) }
        return NeuronCollection(neurons: neurons, counts: counts)
    }

    mutating func heldOut(dSAE: Int) throws -> HeldOutFeatures {
        var runs: [HeldOutFeatures.Run] = []
        var total = 0
        for _ in 0..<(try count()) {
            let run = HeldOutFeatures.Run(document: try number(), count: try count())
            guard run.document > runs.last?.document ?? -1 else { throw damaged }
            runs.append(run)
            total += run.count
        }
        var tokens: [HeldOutFeatures.Token] = []
        for _ in 0..<total {
            let token = try tokenID()
            let previous = try number(below: 1 << 32)
            let features = try (0..<(try count())).map { _ in
                ActiveFeature(index: Int32(try number(below: dSAE)), value: try float())
            }
            let before = previous > 0 ? try tokenID(previous - 1) : nil
            tokens.append(.init(token: token, previous: before, features: features))
        }
        return HeldOutFeatures(tokens: tokens, runs: runs)
    }

    private mutating func counts(like: CorpusCounts) throws -> CorpusCounts {
        CorpusCounts(
            total: try number(), tokens: try like.tokens.map { _ in try number() },
            previous: try like.previous.map { _ in try number() }, topics: try like.topics.map { _ in try number() },
            topicNames: like.topicNames)
    }

    private mutating func read(into tally: inout NeuronTally, vocabulary: Int) throws {
        tally.fired = try number()
        guard tally.fired > 0 else { return }
        tally.activation = try sum()
        tally.maximum = try float()
        try readHistogram(into: &tally.histogram)
        for _ in 0..<(try count()) { tally.tail.insert(try float()) }
        for _ in 0..<(try count()) { tally.top.insert(try context()) }
        for _ in 0..<(try count()) {
            let hash = try fixed(UInt64.self)
            tally.bands.insert(try context(), hash: hash)
        }
        tally.atToken = try tokenSums(vocabulary: vocabulary)
        tally.afterToken = try tokenSums(vocabulary: vocabulary)
        for topic in tally.byTopic.indices { tally.byTopic[topic] = try sum() }
    }

    private mutating func readHistogram(into bins: inout [UInt32]) throws {
        let first = try number(below: bins.count)
        let count = try number(below: bins.count - first + 1)
        for bin in first..<first + count { bins[bin] = UInt32(try number(below: 1 << 32)) }
    }

    private mutating func context() throws -> PeakContext {
        let document = try number()
        let position = try number()
        let start = try number()
        let value = try float()
        let length = try number(below: ContextWindow.length + 1)
        var activations = [Float](repeating: 0, count: length)
        for _ in 0..<(try count()) { activations[try number(below: length)] = try float() }
        return PeakContext(value: value, document: document, position: position, start: start, activations: activations)
    }

    private mutating func tokenSums(vocabulary: Int) throws -> TokenSums {
        let count = try count()
        var entries: [TokenID: TokenSums.Entry] = [:]
        entries.reserveCapacity(count)
        for _ in 0..<count {
            let token = TokenID(try number(below: vocabulary))
            entries[token] = TokenSums.Entry(firings: UInt32(try number(below: 1 << 32)), sum: try sum())
        }
        return TokenSums(entries: entries)
    }

    private mutating func sum() throws -> ExactSum {
        let high = UInt32(try number(below: 1 << 32))
        return ExactSum(low: try fixed(), high: high)
    }

    private mutating func tokenID() throws -> TokenID { try tokenID(try number()) }

    private func tokenID(_ number: Int) throws -> TokenID {
        guard let token = TokenID(exactly: number) else { throw damaged }
        return token
    }
}

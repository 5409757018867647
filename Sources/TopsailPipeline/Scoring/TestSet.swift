import TopsailCore
import TopsailFiles

/// Chooses the contexts that explanations are tested on: from held-out documents only, so from none that a neuron was
/// explained with.
public struct TestSet: Sendable {
    /// How many contexts of each kind.
    public struct Options: Sendable, Hashable, Codable {
        /// From the upper third of the neuron's range.
        public var top = 5
        /// From the two lower thirds together.
        public var middle = 5
        /// Where the neuron is silent.
        public var silent = 10
        /// Tokens of a context at most.
        public var length = 64
        public var seed: UInt64 = 1

        public init() {}
    }

    public let options: Options
    /// Says which texts and which choice of contexts a score is from; scores of other ids are not comparable.
    public let id: String
    private let corpus: CorpusActivations
    private let text: @Sendable (TokenID) -> String

    /// - Parameters:
    ///   - corpus: Of held-out documents.
    ///   - name: The corpus' name.
    ///   - text: What a token says.
    public init(
        _ corpus: CorpusActivations, name: String, options: Options = Options(),
        text: @escaping @Sendable (TokenID) -> String
    ) {
        self.corpus = corpus
        self.options = options
        self.text = text
        id =
            "\(name)-\(options.top)+\(options.middle)+\(options.silent)x\(options.length)-\(Self.digest(corpus, options))"
    }

    private static func digest(_ corpus: CorpusActivations, _ options: Options) -> String {
        var hash = StableHash.of("\(options.seed)")
        for document in corpus.documents {
            hash = StableHash.combine(hash, UInt64(document.number))
            for token in document.tokens { hash = StableHash.combine(hash, UInt64(UInt32(bitPattern: token))) }
        }
        let digits = String(hash >> 32, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// The contexts of one neuron, as many as there are; at most one of each document.
    ///
    /// - Parameter maximum: The neuron's largest activation in the corpus that it was collected from.
    public func test(of neuron: Int, maximum: Float) -> NeuronTest {
        let peaks = peaks(of: neuron)
        let range = max(maximum, peaks.map(\.value).max() ?? 0)
        let isTop = { (peak: CorpusActivations.Firing) in peak.value > range * 2 / 3 }
        let loud = shuffled(peaks, neuron)
        let top = loud.filter(isTop).prefix(options.top).map { context($0, .top, neuron) }
        let lower = loud.filter { !isTop($0) }
        // One after the other from the middle and the lower third, as long as there are both.
        let middle = lower.filter { $0.value > range / 3 }
        let low = lower.filter { $0.value <= range / 3 }
        let mixed = (0..<max(middle.count, low.count)).flatMap { index in
            [middle, low].compactMap { index < $0.count ? $0[index] : nil }
        }
        return NeuronTest(
            contexts: top + mixed.prefix(options.middle).map { context($0, .middle, neuron) }
                + silent(neuron, besides: Set(peaks.map(\.document))),
            maximum: range)
    }

    /// The strongest firing in each document.
    private func peaks(of neuron: Int) -> [CorpusActivations.Firing] {
        var strongest: [Int: CorpusActivations.Firing] = [:]
        for firing in corpus.firings(of: neuron) where firing.value > strongest[firing.document]?.value ?? 0 {
            strongest[firing.document] = firing
        }
        return Array(strongest.values)
    }

    /// In an order that depends on seed, neuron and documents alone.
    private func shuffled(_ peaks: [CorpusActivations.Firing], _ neuron: Int) -> [CorpusActivations.Firing] {
        peaks.map { (hash(neuron, $0.document), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }

    private func hash(_ neuron: Int, _ document: Int) -> UInt64 {
        let place = StableHash.combine(UInt64(neuron), UInt64(corpus.documents[document].number))
        return StableHash.combine(options.seed, place)
    }

    private func context(
        _ peak: CorpusActivations.Firing, _ kind: TestContext.Kind, _ neuron: Int
    ) -> TestContext {
        let run = corpus.documents[peak.document].run(holding: peak.position) ?? peak.position..<peak.position + 1
        // The peak stands anywhere in the window, so that its place tells nothing.
        let before = Int(StableHash.mix(hash(neuron, peak.document)) % UInt64(options.length))
        let start = min(
            max(peak.position - before, run.lowerBound), max(run.upperBound - options.length, run.lowerBound))
        return cut(peak.document, start..<min(start + options.length, run.upperBound), kind, neuron)
    }

    /// Windows in documents on which the neuron does not fire; where there are too few, windows between its firings.
    private func silent(_ neuron: Int, besides loud: Set<Int>) -> [TestContext] {
        let order = corpus.documents.indices.map { (loud.contains($0) ? 1 : 0, hash(neuron, $0), $0) }.sorted(by: <)
        var contexts: [TestContext] = []
        for (_, hash, document) in order where contexts.count < options.silent {
            guard let run = corpus.documents[document].runs.max(by: { $0.count < $1.count }), !run.isEmpty else {
                continue
            }
            let room = max(run.count - options.length, 0)
            let start = run.lowerBound + Int(StableHash.mix(hash) % UInt64(room + 1))
            let context = cut(document, start..<min(start + options.length, run.upperBound), .silent, neuron)
            if !context.isActive { contexts.append(context) }
        }
        return contexts
    }

    private func cut(_ document: Int, _ range: Range<Int>, _ kind: TestContext.Kind, _ neuron: Int) -> TestContext {
        let tokens = Array(corpus.documents[document].tokens[range])
        return TestContext(
            kind: kind, document: corpus.documents[document].number, start: range.lowerBound, tokens: tokens,
            texts: tokens.map(text), activations: corpus.activations(of: neuron, document: document, in: range))
    }
}

import Testing
import TopsailCore
import TopsailPipeline

@Suite("Choosing test contexts") struct TestSetTests {
    /// Twenty documents of 100 tokens, the first and the last token of which do not count. Neuron 0 fires in the first ten, most
    /// strongly in the first of them; neuron 1 everywhere; neuron 2 once.
    private static let corpus: CorpusActivations = {
        let documents = (0..<20).map { number in
            CorpusActivations.Document(
                number: 100 + number, topic: "t", tokens: (0..<100).map { TokenID(number * 100 + $0) }, runs: [1..<99])
        }
        let strengths: [Float] = [9, 8.5, 8, 7, 6.5, 5, 4, 2, 1, 0.5]
        return CorpusActivations(
            documents: documents,
            firings: [
                0: (0..<10).flatMap { document in
                    [
                        CorpusActivations.Firing(document: document, position: 40, value: strengths[document]),
                        CorpusActivations.Firing(document: document, position: 41, value: strengths[document] / 4),
                    ]
                },
                1: (0..<20).flatMap { document in
                    (1..<99).map { CorpusActivations.Firing(document: document, position: $0, value: 1) }
                },
                2: [CorpusActivations.Firing(document: 3, position: 50, value: 2)],
            ])
    }()

    private func set(_ change: (inout TestSet.Options) -> Void = { _ in }) -> TestSet {
        var options = TestSet.Options()
        change(&options)
        return TestSet(Self.corpus, name: "c", options: options) { "\($0)" }
    }

    @Test("five from the upper third, five from below, ten where it is silent, one of a document")
    func kinds() {
        let test = set().test(of: 0, maximum: 9)
        #expect(test.contexts.count { $0.kind == .top } == 5)
        #expect(test.contexts.count { $0.kind == .middle } == 5)
        #expect(test.contexts.count { $0.kind == .silent } == 10)
        #expect(Set(test.contexts.map(\.document)).count == 20)
        for context in test.contexts {
            let peak = context.activations.max() ?? 0
            switch context.kind {
            case .top: #expect(peak > 6)
            case .middle: #expect(peak > 0 && peak <= 6)
            case .silent: #expect(peak == 0 && context.document >= 110)
            }
        }
    }

    @Test("a context says what stands in its document, and stays among the counted tokens")
    func windows() {
        for neuron in [0, 1, 2] {
            for context in set().test(of: neuron, maximum: 9).contexts {
                #expect(context.tokens.count == 64)
                #expect(context.start >= 1 && context.start + 64 <= 99)
                let first = TokenID((context.document - 100) * 100 + context.start)
                #expect(context.tokens == (0..<64).map { first + TokenID($0) })
                #expect(context.texts == context.tokens.map { "\($0)" })
                let index = context.document - 100
                #expect(
                    context.activations
                        == Self.corpus.activations(
                            of: neuron, document: index, in: context.start..<context.start + 64))
            }
        }
    }

    @Test("the range is the corpus', or this text's where it is larger")
    func range() {
        #expect(set().test(of: 0, maximum: 12).maximum == 12)
        #expect(set().test(of: 0, maximum: 12).contexts.count { $0.kind == .top } == 2)
        #expect(set().test(of: 0, maximum: 3).maximum == 9)
    }

    @Test("the same set has the same id; another seed, size or text another one")
    func identity() {
        #expect(set().id == set().id)
        #expect(set().id != set { $0.seed = 2 }.id)
        #expect(set().id != set { $0.silent = 9 }.id)
        #expect(set().test(of: 0, maximum: 9) == set().test(of: 0, maximum: 9))
        let other = CorpusActivations(documents: Array(Self.corpus.documents.dropLast()), firings: [:])
        #expect(set().id != TestSet(other, name: "c") { "\($0)" }.id)
    }

    @Test("what cannot be tested is not given a low score but none, with the reason")
    func failures() throws {
        let run = { (neuron: Int) in
            try Scored.by(FixedSimulator { _ in 1 }, test: self.set().test(of: neuron, maximum: 9), scorer: .segment)
        }
        #expect(try run(7).failure == "the neuron does not fire on the held-out texts")
        #expect(try run(2).failure == "the neuron fires in 1 held-out context, 3 are needed")
        // Active everywhere: the truth does not vary.
        #expect(try run(1).failure?.contains("same everywhere") == true)
        // Guessed everywhere.
        #expect(try run(0).failure == "the simulation is the same everywhere (1.000)")
        let unread = try Scored.by(
            FixedSimulator { _ in nil }, test: set().test(of: 0, maximum: 9), scorer: .simulation)
        #expect(unread.failure == "20 of 20 answers could not be read")
    }
}

import Foundation
import Testing
import TopsailCatalog
import TopsailCore
import TopsailModel
import TopsailPipeline
import TopsailTestSupport

/// From a small model and a small corpus to explanations and scores in a catalog, a server of our own playing the large model.
@Suite("Explaining and scoring", .enabled(if: TinyModel.isThere, "needs the fixture gguf/llama-f32"))
struct RunTests {
    /// A catalog, what its neurons do on held-out texts, and the model.
    private struct Bench {
        let catalog: Catalog
        let model: LanguageModel
        let testSet: TestSet
        let neurons: [NeuronDetail]

        init() throws {
            model = try TinyModel.open()
            let texts = TinyModel.texts(80).enumerated().map { index, source in
                CorpusText(id: "\(index)", topic: source.topic, kind: .opening, text: source.text)
            }
            let sae = TinyModel.sae(for: model)
            var build = CatalogBuild(
                model: model, corpusName: "tiny", texts: texts, members: [.init(sae: sae, isDefault: true)], pairs: [])
            build.collection.precision = .exact
            build.split = HeldOutSplit(fraction: 0.5)
            catalog = try Catalog.temporary()
            _ = try build.run(into: catalog)
            let heldOut = try CorpusReading.read(texts, with: model, split: build.split).filter(\.isHeldOut)
            let corpus = try CorpusActivations.read(heldOut, model: model, sae: sae, precision: .exact)
            var options = TestSet.Options()
            options.length = 16
            let tokenizer = model.tokenizer
            testSet = TestSet(corpus, name: "tiny", options: options) { tokenizer.text(of: $0) }
            let catalog = catalog
            neurons = try catalog.neurons(sort: NeuronSort(.density), limit: 12).map { try catalog.neuron($0.id) }
        }

        func evidence(_ neuron: NeuronDetail) -> NeuronEvidence {
            NeuronEvidence(
                id: neuron.id, index: neuron.row.index,
                strong: neuron.contexts.filter { $0.band == 0 }.map {
                    .init(texts: $0.tokens.map(model.tokenizer.text), activations: $0.activations, topic: $0.topic)
                }, maximum: neuron.statistics.maxActivation ?? 0)
        }

        func asking(_ server: StandInEndpoint) throws -> EndpointModel {
            var clock = AskingClock()
            clock.sleep = { _ in }
            return try EndpointModel(
                EndpointModel.Settings(url: server.url, model: "stand-in"),
                transport: URLSessionTransport(timeout: 10, isCancelled: { false }), clock: clock)
        }
    }

    @Test("neurons are explained once, a failure stays a failure, and a person's words stay first")
    func explains() throws {
        let bench = try Bench()
        try bench.catalog.setExplanation("mine", of: bench.neurons[0].id)
        let server = try StandInEndpoint { number, _ in number == 1 ? .text("...") : .text("\"words \(number)\"") }
        let run = ExplanationRun(ModelExplainer(try bench.asking(server), kind: "endpoint"))
        let outcome = try run.run(bench.neurons, into: bench.catalog, evidence: bench.evidence)
        #expect(outcome.explained.count == 11)
        #expect(outcome.failures.map(\.id) == [bench.neurons[1].id])
        #expect(outcome.failures.first?.why == "the answer holds no explanation")
        let first = try bench.catalog.neuron(bench.neurons[0].id)
        #expect(first.row.explanation == "mine")
        #expect(first.explanations.first { $0.source == "endpoint:stand-in" }?.text == "words 0")
        #expect(first.explanations.contains { $0.source == "tokens" })
        // Again: only what failed is asked.
        let again = try bench.neurons.map { try bench.catalog.neuron($0.id) }
        let second = try run.run(again, into: bench.catalog, evidence: bench.evidence)
        #expect(second.skipped == 11 && second.explained.count == 1)
        #expect(server.asked.count == 13)
    }

    @Test("what was done before a server gave up is kept")
    func interrupted() throws {
        let bench = try Bench()
        let server = try StandInEndpoint { number, _ in number < 3 ? .text("words \(number)") : .status(401) }
        let run = ExplanationRun(ModelExplainer(try bench.asking(server), kind: "endpoint"))
        let outcome = try run.run(bench.neurons, into: bench.catalog, evidence: bench.evidence)
        #expect(outcome.explained.count == 3)
        #expect(outcome.interruption is AskingError)
        let stored = try bench.neurons.map { try bench.catalog.neuron($0.id) }
            .count { $0.explanations.contains { $0.source == "endpoint:stand-in" } }
        #expect(stored == 3)
    }

    @Test("a server that knows the truth gets a perfect score; scores are stored by scorer and simulator")
    func scores() throws {
        let bench = try Bench()
        let truth = Dictionary(
            bench.neurons.flatMap { neuron in
                let test = bench.testSet.test(of: neuron.row.index, maximum: neuron.statistics.maxActivation ?? 0)
                return test.contexts.map {
                    ("\(neuron.row.index)" + $0.texts.joined(), Truth(context: $0, maximum: test.maximum))
                }
            }
        ) { first, _ in first }
        // The stand-in is told the neuron by its explanation and looks the truth up by the text.
        let server = try StandInEndpoint { _, question in .text(Self.answer(question.text, truth)) }
        let candidates = bench.neurons.compactMap { neuron -> ScoringRun.Candidate? in
            var candidate = ScoringRun.Candidate(neuron, source: "tokens")
            candidate?.text = "\(neuron.row.index)"
            return candidate
        }
        let run = ScoringRun(
            scorers: [.simulation, .segment], simulator: WritingSimulator(try bench.asking(server)),
            testSet: bench.testSet)
        let outcome = try run.run(candidates, into: bench.catalog)
        let scores = outcome.entries.filter { $0.scorer == .segment }.compactMap(\.result.score)
        #expect(scores.count >= 4, "\(outcome.entries.compactMap(\.result.failure))")
        for score in scores { #expect(score.value > 0.999) }
        for score in outcome.entries.filter({ $0.scorer == .simulation }).compactMap(\.result.score) {
            // Whole numbers from 0 to 10 are near.
            #expect(score.value > 0.95)
        }
        let scored = try #require(outcome.entries.first { $0.scorer == .segment && $0.result.score != nil })
        let stored = try bench.catalog.neuron(scored.id).explanations.first { $0.source == "tokens" }
        let score = try #require(stored?.scores.first { $0.scorer == "segment:stand-in" })
        #expect(score == scored.result.score)
        #expect(score.details?.contains(bench.testSet.id) == true)
        #expect((score.low ?? 2) <= score.value && (score.high ?? -2) >= 0.99)
        // The figure of the table of tokens, where there is one, stays what the list shows.
        let own = stored?.scores.first { $0.scorer == "simulation" }
        if let own { #expect(stored?.correlationScore == own.value) }
        let comparison = ScorerComparison(outcome)
        #expect(try #require(comparison.tokenRatio) < 0.6)
        #expect(try #require(comparison.callRatio) < 0.3)
    }

    @Test("what is scored is not scored again, unless asked for")
    func resumes() throws {
        let bench = try Bench()
        let simulator = FixedSimulator { $0.contains { $0 > 0 } ? 1 : 0 }
        var run = ScoringRun(scorers: [.segment], simulator: simulator, testSet: bench.testSet)
        func candidates() throws -> [ScoringRun.Candidate] {
            try bench.neurons.compactMap { ScoringRun.Candidate(try bench.catalog.neuron($0.id), source: nil) }
        }
        let first = try run.run(candidates(), into: bench.catalog)
        let scored = first.entries.count { $0.result.score != nil }
        #expect(scored > 0)
        #expect(try run.run(candidates(), into: bench.catalog).skipped == scored)
        run.again = true
        #expect(try run.run(candidates(), into: bench.catalog).skipped == 0)
    }

    @Test("silent excerpts come from texts in which the neuron does not fire, near ones first")
    func silent() throws {
        let documents = (0..<6).map { number in
            CorpusActivations.Document(
                number: number, topic: ["a.x", "a.y", "b.z"][number % 3],
                tokens: Array(repeating: TokenID(number), count: 50),
                runs: [0..<50])
        }
        let corpus = CorpusActivations(
            documents: documents, firings: [4: [CorpusActivations.Firing(document: 0, position: 9, value: 1)]])
        let excerpts = SilentExcerpts(corpus) { "\($0)" }.excerpts(neuron: 4, near: ["a.x"], limit: 5)
        #expect(excerpts.map(\.topic) == ["a.x", "a.y", "a.y", "b.z", "b.z"])
        #expect(excerpts.allSatisfy { $0.texts.count == 33 && !$0.texts.contains("0") && $0.activations.max() == 0 })
    }

    private struct Truth: Sendable {
        var context: TestContext
        var maximum: Float
    }

    /// The truth about numbered tokens or segments of some contexts.
    private static func answer(_ question: String, _ truth: [String: Truth]) -> String {
        let lines = question.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let neuron = lines[0].replacingOccurrences(of: "The neuron fires on: ", with: "")
        let blocks = lines.dropFirst().split(separator: "")
        var answer: [String] = []
        for block in blocks {
            let parts = block.map { line in String(line.drop { $0 != "\t" }.dropFirst()) }
            guard let known = truth[neuron + parts.joined()] else { return "unknown text" }
            let context = known.context
            let isByToken = parts.count == context.texts.count
            let segments = isByToken ? context.texts.indices.map { $0..<$0 + 1 } : TextSegments.cut(context.texts)
            for segment in segments {
                let peak = context.activations[segment].max() ?? 0
                let level = isByToken ? ActivationLevel.of(peak, maximum: known.maximum) : (peak > 0 ? 1 : 0)
                answer.append("\(answer.count + 1)\t\(level)")
            }
        }
        return answer.joined(separator: "\n")
    }
}

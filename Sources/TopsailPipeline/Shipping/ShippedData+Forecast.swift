import Foundation
import TopsailAnalysis
import TopsailCore
import TopsailModel

extension ShippedData {
    /// What a run takes, counted from its inputs before anything is made.
    public struct Forecast: Sendable, Hashable {
        /// A stage that reads texts with the model.
        public struct Reading: Sendable, Hashable {
            public var stage: String
            public var tokens: Int
        }

        public var readings: [Reading]
        /// SAEs that are compared, and SAEs that are shipped.
        public var comparedSAEs: Int
        public var shippedSAEs: Int
        /// What each of them sees.
        public var tokensEach: Int
        /// Room for activations in the work folder, in bytes.
        public var activationBytes: Int
        /// How fast the model read a few hundred tokens just now, to its last layer.
        public var tokensPerSecond: Double

        public var readingTokens: Int { readings.reduce(0) { $0 + $1.tokens } }
        /// Seconds of reading at that speed; training and fitting come on top.
        public var readingSeconds: Double { Double(readingTokens) / tokensPerSecond }
    }

    /// Counts what a run takes. Reads the inputs and a few hundred tokens with the model; makes nothing.
    ///
    /// Stages that an earlier run has finished are counted too.
    ///
    /// - Throws: What reading the inputs throws, as the run would.
    public func forecast() throws -> Forecast {
        let corpus = try CorpusReading.read(CorpusStore(path: folder + "/corpus").texts(), with: model)
        let pairs = try ContrastPair.load(path: folder + "/pairs.jsonl")
        let everyday = try EverydayPrompts.load(path: folder + "/corpus/seeds.jsonl")
        let exam = try LabelledPrompt.load(path: folder + "/heldout.jsonl")
        let reader = TextReader(model)
        func prompts(_ texts: [String]) throws -> Int {
            try texts.reduce(0) { try $0 + reader.prompt($1).tokens.count }
        }
        func plain(_ texts: [String]) -> Int { texts.reduce(0) { $0 + reader.plain($1).tokens.count } }

        let contrast = pairs.flatMap { [$0.present, $0.absent] }
        let contrastTokens = try prompts(contrast), everydayTokens = try prompts(everyday)
        let chooses = training.sparsities.count * training.architectures.count > 1
        let compared = chooses ? training.sparsities.count * training.architectures.count : 0
        let corpusTokens = corpus.reduce(0) { $0 + $1.text.tokens.count }
        var readings = [Forecast.Reading(stage: "activations of the corpus", tokens: corpusTokens)]
        if chooses {
            readings.append(
                .init(
                    stage: "choice of the SAE",
                    tokens: contrastTokens + everydayTokens + (try prompts(exam.map(\.text))))
            )
        }
        let fitted = contrast + everyday + (try fittedPrompts().map(\.text))
        let calibrationTokens = try prompts(fitted) + (model.chatTemplate == nil ? 0 : plain(fitted))
        readings += [
            .init(stage: "contrast pairs", tokens: contrastTokens),
            // Clean once, and reconstructed and ablated for each SAE.
            .init(stage: "cross-entropies", tokens: evaluationTokens * (1 + 2 * training.hooks.count)),
            .init(stage: "calibration", tokens: calibrationTokens),
        ]
        let counted = corpus.reduce(0) { $0 + $1.text.countedTokens }
        let width = Set(training.hooks + (chooses ? [choiceHook] : [])).reduce(0) {
            $0 + (model.configuration.width(of: $1) ?? 0)
        }
        return Forecast(
            readings: readings, comparedSAEs: compared, shippedSAEs: training.hooks.count, tokensEach: training.tokens,
            activationBytes: counted * width * MemoryLayout<Float16>.size,
            tokensPerSecond: try readingSpeed(corpus))
    }

    /// Tokens a second of the faster of two readings.
    private func readingSpeed(_ corpus: [CorpusReading]) throws -> Double {
        let tokens = Array(corpus.lazy.flatMap(\.text.tokens).prefix(min(512, model.configuration.contextLength)))
        guard !tokens.isEmpty else { return 1 }
        var best = Double.infinity
        for _ in 0..<2 {
            let session = ModelSession(model, precision: .fast)
            let start = ContinuousClock.now
            try session.read(tokens, logits: .last)
            best = min(best, (ContinuousClock.now - start) / .seconds(1))
        }
        return Double(tokens.count) / max(best, 1e-6)
    }
}

import TopsailAnalysis
import TopsailCore
import TopsailModel

/// What a run takes, counted from its inputs before anything is made. What an earlier run has finished is counted too.
public struct RunForecast: Sendable, Hashable {
    /// Texts that the model reads.
    public struct Reading: Sendable, Hashable {
        public var purpose: String
        public var tokens: Int
    }

    /// SAEs that are trained.
    public struct Training: Sendable, Hashable {
        public var purpose: String
        public var saes: Int
        /// What each of them sees.
        public var tokensEach: Int
    }

    public var readings: [Reading]
    public var trainings: [Training]
    /// Room on disk for activations that are kept, in bytes.
    public var activationBytes: Int
    /// How fast the model read a few hundred tokens just now, to its last layer.
    public var tokensPerSecond: Double

    public var readingTokens: Int { readings.reduce(0) { $0 + $1.tokens } }
    /// Seconds of reading at that speed; training, fitting and writing come on top.
    public var readingSeconds: Double { Double(readingTokens) / tokensPerSecond }

    /// - Parameter sample: Tokens to measure the model's speed with; a few hundred of them are read.
    init(
        _ readings: [Reading], trainings: [Training] = [], activationBytes: Int = 0, model: LanguageModel,
        precision: Precision, sample: some Sequence<TokenID>
    ) throws {
        self.readings = readings
        self.trainings = trainings
        self.activationBytes = activationBytes
        tokensPerSecond = try Self.speed(
            model, precision, Array(sample.prefix(min(512, model.configuration.contextLength))))
    }

    /// Tokens a second of the faster of two readings.
    private static func speed(_ model: LanguageModel, _ precision: Precision, _ tokens: [TokenID]) throws -> Double {
        guard !tokens.isEmpty else { return 1 }
        var best = Double.infinity
        for _ in 0..<2 {
            let session = ModelSession(model, precision: precision)
            let start = ContinuousClock.now
            try session.read(tokens, logits: .last)
            best = min(best, (ContinuousClock.now - start) / .seconds(1))
        }
        return Double(tokens.count) / max(best, 1e-6)
    }
}

extension RunForecast.Reading {
    init(_ purpose: String, _ texts: some Sequence<ReadableText>) {
        self.init(purpose: purpose, tokens: texts.reduce(0) { $0 + $1.count })
    }
}

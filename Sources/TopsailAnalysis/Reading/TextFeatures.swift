import TopsailCore
import TopsailModel
import TopsailSAE

/// What neurons did on a text, over its counted tokens.
public struct TextFeatures: Sendable, Hashable {
    /// One neuron's activations on a text.
    public struct Pool: Sendable, Hashable {
        /// The largest.
        public var maximum: Float
        /// Position of the largest in the text's tokens; the first of equal ones.
        public var position: Int
        public var sum: Float
        /// Tokens on which it fired.
        public var fired: Int

        public init(maximum: Float, position: Int, sum: Float, fired: Int) {
            self.maximum = maximum
            self.position = position
            self.sum = sum
            self.fired = fired
        }
    }

    /// The counted tokens.
    public var tokens: [TokenID]
    /// The neurons that fired, by SAE.
    public var neurons: [[Int32: Pool]]
    /// Mean of the raw activations at each hook point, if they were asked for: `[width]`.
    public var means: [HookPoint: [Float]] = [:]

    public var countedTokens: Int { tokens.count }

    public init(tokens: [TokenID], saes: Int) {
        self.tokens = tokens
        neurons = Array(repeating: [:], count: saes)
    }

    init(text: ReadableText, saes: Int) {
        self.init(tokens: zip(text.tokens, text.isCounted).filter(\.1).map(\.0), saes: saes)
    }

    /// Adds what a neuron did on a counted token; what does not fire adds nothing.
    public mutating func add(_ value: Float, of neuron: Int32, sae: Int, at position: Int) {
        guard value > 0 else { return }
        guard var pool = neurons[sae][neuron] else {
            neurons[sae][neuron] = Pool(maximum: value, position: position, sum: value, fired: 1)
            return
        }
        if value > pool.maximum {
            pool.maximum = value
            pool.position = position
        }
        pool.sum += value
        pool.fired += 1
        neurons[sae][neuron] = pool
    }
}

/// Reads texts with a model and pools what the neurons of one or several SAEs do on each.
///
/// Only the texts' own tokens count: neither special tokens nor what a chat template writes, nor the first token.
public struct TextFeatureReader {
    public let model: LanguageModel
    public let saes: [any SparseAutoencoder]
    public let hooks: [HookPoint]
    public let precision: Precision
    private let reader: ContextReader

    /// - Throws: `AnalysisError` when an SAE does not fit the model.
    public init(
        model: LanguageModel, saes: [any SparseAutoencoder], hook: HookPoint? = nil, precision: Precision
    ) throws {
        self.model = model
        self.saes = saes
        hooks = try saes.map { try SAEFit.hook(of: $0, in: model, override: hook) }
        self.precision = precision
        reader = ContextReader(model, precision: precision, contextLength: 512)
    }

    /// The features of each text, in the order of the texts.
    ///
    /// - Parameter keepingMeans: Whether to keep the mean raw activations as well.
    public func read(
        _ texts: [ReadableText], keepingMeans: Bool = false, isCancelled: () -> Bool = { false },
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> [TextFeatures] {
        var features = texts.map { TextFeatures(text: $0, saes: saes.count) }
        try reader.read(texts.map(\.tokens), hooks: Set(hooks), isCancelled: isCancelled) { context in
            let isCounted = texts[context.text].isCounted
            for sae in saes.indices where hooks[sae] == context.point {
                let active = saes[sae].encode(context.values, tokens: context.positions.count)
                for (active, position) in zip(active, context.positions) where isCounted[position] {
                    for feature in active {
                        features[context.text].add(feature.value, of: feature.index, sae: sae, at: position)
                    }
                }
            }
            if keepingMeans { addMean(context, isCounted, to: &features[context.text]) }
            progress(context.text + 1, texts.count)
        }
        return features
    }

    private func addMean(_ context: ContextActivations, _ isCounted: [Bool], to features: inout TextFeatures) {
        guard features.countedTokens > 0 else { return }
        var mean = features.means[context.point] ?? Array(repeating: 0, count: context.width)
        let share = 1 / Float(features.countedTokens)
        for (row, position) in context.positions.enumerated() where isCounted[position] {
            let values = context.values + row * context.width
            for column in mean.indices { mean[column] += share * values[column] }
        }
        features.means[context.point] = mean
    }
}

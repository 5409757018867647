import TopsailCore
import TopsailTensor

/// Trains a TopK SAE (Gao et al. 2024) on a CPU, one batch at a time.
///
/// The forward pass is a dense product; everything after it touches active neurons only. Decoder rows keep unit norm.
/// A seed, a configuration and a stream of batches give the same bits with any number of threads.
public final class TopKTrainer {
    public let configuration: TrainingConfiguration
    /// What activations are multiplied by before anything else.
    public let inputScale: Float
    /// Steps taken.
    public internal(set) var step = 0

    /// `W_encᵀ`, `[d_sae, d_in]`, and likewise the rest of the weights, all in scaled units.
    let encoder: TrainedParameter
    let encoderBias: TrainedParameter
    let decoder: TrainedParameter
    let decoderBias: TrainedParameter
    /// Tokens seen when each neuron last fired.
    var lastFired: [Int]
    let workspace: TrainingWorkspace

    /// Rows that were handed to `train(on:)`.
    public var tokensSeen: Int { step * configuration.batchSize }
    public var isFinished: Bool { step >= configuration.totalSteps }

    /// Starts from random unit decoder rows, the encoder their transpose, `b_dec` the mean activation.
    ///
    /// - Parameter statistics: Of the activations, unscaled.
    /// - Throws: `TrainingError.badConfiguration`.
    public convenience init(_ configuration: TrainingConfiguration, statistics: ActivationStatistics) throws {
        try configuration.validate()
        guard statistics.mean.count == configuration.dIn, statistics.meanNorm > 0, statistics.meanNorm.isFinite else {
            throw TrainingError.badConfiguration("the activations are all zero, not finite, or of another width")
        }
        let scale =
            switch configuration.normalization {
            case .none: Float(1)
            case .expectedAverage: Float(configuration.dIn).squareRoot() / statistics.meanNorm
            }
        self.init(configuration, inputScale: scale)
        initialise(mean: statistics.mean)
    }

    /// All weights zero; for the checkpoint reader, which fills them in.
    init(_ configuration: TrainingConfiguration, inputScale: Float) {
        self.configuration = configuration
        self.inputScale = inputScale
        let (dIn, dSAE) = (configuration.dIn, configuration.dSAE)
        encoder = TrainedParameter(rows: dSAE, columns: dIn)
        encoderBias = TrainedParameter(rows: 1, columns: dSAE)
        decoder = TrainedParameter(rows: dSAE, columns: dIn)
        decoderBias = TrainedParameter(rows: 1, columns: dIn)
        lastFired = [Int](repeating: 0, count: dSAE)
        workspace = TrainingWorkspace(configuration)
    }

    private func initialise(mean: [Float]) {
        var generator = SeededGenerator(seed: configuration.seed)
        for neuron in 0..<configuration.dSAE {
            let row = decoder.values.row(neuron)
            for i in row.indices { row[i] = generator.gaussian() }
            let scale = 1 / LinearAlgebra.norm(row.baseAddress!, count: row.count)
            for i in row.indices { row[i] *= scale }
            encoder.values.row(neuron).baseAddress!.update(from: row.baseAddress!, count: row.count)
        }
        for (i, value) in mean.enumerated() { decoderBias.values.pointer[i] = value * inputScale }
    }

    /// Neurons that have not fired for `deadAfterTokens` tokens, by rising index.
    var deadNeurons: [Int32] {
        let limit = tokensSeen - configuration.deadAfterTokens
        guard limit > 0 else { return [] }
        return lastFired.indices.filter { lastFired[$0] < limit }.map(Int32.init)
    }
}

extension TopKTrainer {
    /// The SAE as trained so far, reading and writing activations in the model's own units.
    ///
    /// The input scale s is folded so that decoder rows keep unit norm: features and biases are divided by s, which changes
    /// neither the choice of the k largest nor the reconstruction.
    public func makeSAE(name: String, hook: HookPoint?, model: String? = nil) -> TopKSAE {
        let (dIn, dSAE) = (configuration.dIn, configuration.dSAE)
        let weights = SAEWeights(dIn: dIn, dSAE: dSAE, dOut: dIn)
        weights.encoder.pointer.update(from: encoder.values.pointer, count: dSAE * dIn)
        weights.decoder.pointer.update(from: decoder.values.pointer, count: dSAE * dIn)
        for i in 0..<dSAE { weights.encoderBias.pointer[i] = encoderBias.values.pointer[i] / inputScale }
        for i in 0..<dIn { weights.decoderBias.pointer[i] = decoderBias.values.pointer[i] / inputScale }
        let info = SAEInfo(
            name: name, format: "saelens", architecture: .topk, hook: hook, model: model, dIn: dIn, dOut: dIn,
            dSAE: dSAE,
            dtype: .f32, parameters: ["k": .int(configuration.k)])
        return TopKSAE(info: info, weights: weights, k: configuration.k)
    }
}

import Foundation
import TopsailCore
import TopsailTensor

/// Trains an SAE on a CPU, one batch at a time.
///
/// The forward pass is a dense product; everything after it touches active neurons only. A seed, a configuration and a stream of
/// batches give the same bits with any number of threads. What differs between architectures is in `TrainingObjective`.
public final class SAETrainer {
    public let configuration: TrainingConfiguration
    /// Steps taken.
    public internal(set) var step = 0

    let core: TrainingCore
    let objective: TrainingObjective
    let orthogonality: OrthogonalityPenalty?
    let gradients: GradientMatrices
    /// Tokens seen when each neuron last fired.
    var lastFired: [Int]
    /// Logarithm of the sparsity penalty's weight while it is steered.
    var logSparsity = 0.0
    /// Logarithm of the last step's L0 over k, within ±1, while it is steered.
    var sparsityExcess = 0.0

    /// What activations are multiplied by before anything else.
    public var inputScale: Float { core.inputScale }
    /// Rows that were handed to `train(on:)`.
    public var tokensSeen: Int { step * configuration.batchSize }
    public var isFinished: Bool { step >= configuration.totalSteps }

    /// Starts from random decoder rows, the encoder their transpose, `b_dec` the mean activation.
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
        var generator = SeededGenerator(seed: configuration.seed)
        objective.initialise(&generator)
        for (i, value) in statistics.mean.enumerated() { core.decoderBias.pointer[i] = value * scale }
    }

    /// Weights are those of no training; for the checkpoint reader, which fills them in.
    init(_ configuration: TrainingConfiguration, inputScale: Float) {
        self.configuration = configuration
        core = TrainingCore(configuration, inputScale: inputScale)
        objective = configuration.architecture.makeObjective(core)
        orthogonality = configuration.orthogonality > 0 ? OrthogonalityPenalty(core) : nil
        gradients = GradientMatrices(configuration)
        lastFired = [Int](repeating: 0, count: configuration.dSAE)
    }

    /// Everything that Adam changes.
    var parameters: [TrainedParameter] { core.parameters + objective.parameters }

    /// Neurons that have not fired for `deadAfterTokens` tokens, by rising index.
    var deadNeurons: [Int32] {
        let limit = tokensSeen - configuration.deadAfterTokens
        guard limit > 0 else { return [] }
        return lastFired.indices.filter { lastFired[$0] < limit }.map(Int32.init)
    }
}

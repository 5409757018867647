import TopsailCore
import TopsailTensor

/// What a step needs to know beyond weights and batch.
struct TrainingStep {
    /// Counted from 1.
    var number: Int
    var rate: Float
    /// Neurons that count as dead, by rising index.
    var dead: [Int32]
    /// Weight of the sparsity penalty in this step; 0 for architectures without one.
    var sparsity: Float
    var adam: AdamStep
}

/// One architecture's part of training: which neurons are active, what the loss is, what else learns.
///
/// A step visits the pre-activations of a batch once and keeps candidates of each row (`makeSelector`), turns the candidates of the
/// whole batch into codes (`resolve`), computes errors and derivatives row by row (`differentiate`), and sums gradients neuron by
/// neuron. This class does what most architectures do; subclasses change what they must.
class TrainingObjective: @unchecked Sendable {
    let core: TrainingCore
    /// The codes whose sum is the reconstruction.
    let main: GradientChannel
    /// Dead neurons that reconstruct what the living ones leave (Gao et al. 2024, appendix A.2).
    let revival: GradientChannel?

    var configuration: TrainingConfiguration { core.configuration }
    /// Neurons of one block of pre-activations.
    static var blockNeurons: Int { BlockwisePreActivations.neurons }

    init(
        _ core: TrainingCore, levels: Int = 1,
        mainTargets: GradientChannel.Targets = [.encoder, .decoder, .decoderBias],
        revivalTargets: GradientChannel.Targets = [.encoder, .decoder]
    ) {
        self.core = core
        let c = core.configuration
        main = GradientChannel(
            rows: c.batchSize, dIn: c.dIn, neurons: c.dSAE, levels: levels, factor: core.lossFactor,
            targets: mainTargets)
        revival =
            c.auxK > 0
            ? GradientChannel(
                rows: c.batchSize, dIn: c.dIn, neurons: c.dSAE, factor: core.auxLossFactor, targets: revivalTargets)
            : nil
    }

    // MARK: What subclasses say

    /// In the order in which their gradients are added.
    var channels: [GradientChannel] { [main] + (revival.map { [$0] } ?? []) }

    /// What is trained besides the weights of the core.
    var parameters: [TrainedParameter] { [] }

    /// Numbers that change while training, for checkpoints.
    var scalars: [String: Double] {
        get { [:] }
        set {}
    }

    /// Keeps what may become active of one row's pre-activations.
    func makeSelector() -> any CandidateSelector { preconditionFailure("an architecture without an activation") }

    /// Chooses the dead neurons that take part in one row.
    func makeRevivalSelector() -> any CandidateSelector { TopKSelector(k: min(configuration.auxK, configuration.dSAE)) }

    /// Called once before each step, and with the finished weights before they are saved.
    func prepare(_ step: TrainingStep) {}

    /// Shows the pre-activations of the neurons in blocks, on the calling thread; see `BlockwisePreActivations.visit`.
    func visitPreActivations(
        rows: Range<Int>, _ visit: (_ row: Int, _ pre: UnsafePointer<Float>, _ first: Int, _ count: Int) -> Void
    ) {
        let scratch = FloatMatrix(rows: rows.count, columns: min(Self.blockNeurons, configuration.dSAE))
        BlockwisePreActivations(
            encoder: core.encoder.pointer, bias: core.encoderBias.pointer, dIn: configuration.dIn,
            dSAE: configuration.dSAE
        ).visit(core.input(row: rows.lowerBound), rows: rows.count, scratch: scratch.pointer, visit)
    }

    /// Whether the candidates of this batch suffice; `false` has them chosen again.
    func accepts(_ candidates: [[ActiveFeature]]) -> Bool { true }

    /// Fills the codes.
    func resolve(_ candidates: [[ActiveFeature]], _ step: TrainingStep) { main.codes.fill(candidates) }

    /// Called when all codes are known, before the first row is differentiated.
    func willDifferentiate() {}

    /// Called for each row when its codes have their gradients.
    func didDifferentiate(row: Int) {}

    /// Errors, losses and derivatives of one row.
    func differentiate(row: Int, _ step: TrainingStep) {
        core.losses.pointer[row] = core.reconstruct(main, row: row)
        core.penalties.pointer[row] = 0
    }

    /// What the living neurons' reconstruction misses, negated. Shape `[d_in]`.
    func residual(row: Int) -> UnsafePointer<Float> { UnsafePointer(main.error(row: row)) }

    /// The derivatives by the encoder's bias and by `parameters`.
    ///
    /// - Parameter sums: For each unit of the encoder the derivative by its pre-activation, summed over the batch.
    func biasGradients(
        _ sums: UnsafePointer<Float>, _ step: TrainingStep
    ) -> [(parameter: TrainedParameter, gradient: [Float])] {
        [(core.encoderBias, Array(UnsafeBufferPointer(start: sums, count: configuration.encoderUnits)))]
    }

    /// Adds what the loss has of a decoder row outside the channels.
    func addDecoderGradient(of neuron: Int, into gradient: UnsafeMutablePointer<Float>, _ step: TrainingStep) {}

    /// Called after the weights have changed.
    func finish(_ step: TrainingStep) {}

    /// For the metrics: the threshold that stands for the choice over a batch.
    var threshold: Double? { nil }

    /// Random weights, besides `b_dec`.
    func initialise(_ generator: inout SeededGenerator) {
        let dIn = configuration.dIn
        let scale = configuration.initialEncoderNorm / configuration.initialDecoderNorm
        for neuron in 0..<configuration.dSAE {
            let row = core.decoderRow(neuron)
            Self.fillRandomDirection(row, count: dIn, norm: configuration.initialDecoderNorm, &generator)
            let encoder = core.encoder.values.row(neuron)
            for i in 0..<dIn { encoder[i] = row[i] * scale }
        }
    }

    static func fillRandomDirection(
        _ row: UnsafeMutablePointer<Float>, count: Int, norm: Float, _ generator: inout SeededGenerator
    ) {
        for i in 0..<count { row[i] = generator.gaussian() }
        let scale = norm / LinearAlgebra.norm(row, count: count)
        for i in 0..<count { row[i] *= scale }
    }
}

// MARK: Dead neurons

extension TrainingObjective {
    /// The dead neurons try to produce what is missing: `a = ê − (x − x̂) = ê + e`. No gradient flows into `e`.
    func revive(row: Int) {
        guard let revival else { return }
        let (dIn, error) = (configuration.dIn, revival.error(row: row))
        let entries = revival.codes.entries(of: row)
        error.update(from: residual(row: row), count: dIn)
        core.addDecoded(revival.codes, entries: entries, into: error)
        core.penalties.pointer[row] += configuration.auxCoefficient * LinearAlgebra.dot(error, error, count: dIn)
        core.differentiate(revival.codes, entries: entries, error: error, factor: revival.factor)
    }
}

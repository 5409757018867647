/// Everything that decides how an SAE is trained; with the activations it decides every weight.
public struct TrainingConfiguration: Sendable, Hashable, Codable {
    /// How activations are scaled before training.
    public enum Normalization: String, Sendable, Hashable, Codable {
        case none
        /// One factor for all rows, so that their mean norm is √d_in; folded into the weights when the SAE is made.
        case expectedAverage = "expected_average"
    }

    /// What becomes of the norms of decoder rows.
    public enum DecoderNorm: String, Sendable, Hashable, Codable {
        /// They stay 1, and the component of the gradient along a row is removed.
        case unit
        /// They are trained, and folded into the encoder when the SAE is made.
        case free
    }

    public var architecture: TrainingArchitecture
    /// Width of the activations.
    public var dIn: Int
    /// Number of neurons.
    public var dSAE: Int
    /// Active neurons a token: exactly, on average over a batch, or as the aim of the sparsity penalty.
    public var k: Int
    /// Tokens a step.
    public var batchSize = 2048
    /// Tokens in all; the last step may go a little beyond.
    public var totalTokens: Int
    /// The highest learning rate. The default is for a few hundred to a few thousand steps, which is what a CPU affords: MLP
    /// outputs of a 135M model, 576 to 5760, k 32, 293 steps reached explained variance 0.758 with it and 0.718 with 1e-3.
    public var learningRate: Float = 3e-3
    /// Share of the steps over which the learning rate rises from zero.
    public var warmUpFraction = 0.02
    /// Share of the steps over which it falls back to zero, at the end.
    public var decayFraction = 0.2
    public var beta1: Float = 0.9
    public var beta2: Float = 0.999
    public var epsilon: Float = 1e-8
    /// Gradients whose norm over all weights is above it are scaled down to it; `nil` leaves them as they are.
    ///
    /// Norms are far above 1 here, so that in effect each step's gradient has norm 1. Adam does not care for the size itself, but
    /// without it the large gradients of the first steps stay in its second moments and slow a short run down:
    /// explained variance after 150 steps is 0.551 with it and 0.543 without at 1e-3, 0.599 and 0.594 at 3e-3 (TopK, 576 to 5760,
    /// k 32). Where a penalty is steered it is `nil`: the penalty's gradient would squeeze out the reconstruction's.
    public var gradientClip: Float?
    public var decoderNorm: DecoderNorm
    /// Norm of decoder rows at the start.
    public var initialDecoderNorm: Float
    /// Norm of encoder rows at the start; each begins along its neuron's decoder row. A KronSAE's units begin with norm 1.
    ///
    /// A step of Adam moves every weight by about the learning rate, so that short rows turn to useful directions sooner:
    /// explained variance after 300 steps is 0.657 from 0.1 and 0.645 from 1 at a rate of 3e-3, 0.637 and 0.597 at 1e-3 (TopK, 576
    /// to 5760, k 32).
    public var initialEncoderNorm: Float
    /// Dead neurons a token that try to reconstruct what the living ones leave (Gao et al. 2024, appendix A.2); 0 for none.
    public var auxK: Int
    /// Weight of their loss.
    public var auxCoefficient: Float = 1.0 / 32
    /// How much the biases of dead neurons ask for more, where a penalty decides about sparsity.
    public var deadBiasCoefficient: Float = 3e-6
    /// A neuron that has not fired for so many tokens counts as dead.
    public var deadAfterTokens: Int
    public var normalization = Normalization.expectedAverage
    public var seed: UInt64

    // MARK: Of single architectures

    /// Weight of the L1 or L0 penalty; `nil` has it steered so that L0 comes to `k`.
    public var sparsityCoefficient: Float?
    /// Share of the steps over which the penalty rises from zero.
    public var sparsityWarmUpFraction = 0.05
    /// JumpReLU: the threshold at the start, and the width of the straight-through estimator.
    public var initialThreshold: Float = 0.01
    public var bandwidth: Float = 0.05
    /// Gated: whether the loss of the gate's own reconstruction leaves the decoder alone, as in the paper.
    public var freezesDecoderForGate = true
    /// BatchTopK: how much one batch moves the running threshold.
    public var thresholdRate = 0.01
    /// Matryoshka: rising numbers of neurons that reconstruct alone, `dSAE` last. Hierarchical: rising budgets, `k` last.
    public var prefixes: [Int] = []
    /// Weight of the penalty on neurons that write alike; 0 for none.
    public var orthogonality: Float = 0
    /// Neurons among which the most alike is looked for; drawn anew each step.
    public var orthogonalityChunk = 512
    public var kronShape = KronShape(heads: 0, m: 0, n: 0)

    /// Fills in the rest for a run of this size.
    public init(
        _ architecture: TrainingArchitecture = .topk, dIn: Int, dSAE: Int, k: Int, totalTokens: Int, seed: UInt64 = 0
    ) {
        self.architecture = architecture
        self.dIn = dIn
        self.dSAE = dSAE
        self.k = k
        self.totalTokens = totalTokens
        self.seed = seed
        let hasFreeNorms = architecture == .standard || architecture == .jumprelu
        decoderNorm = hasFreeNorms ? .free : .unit
        initialDecoderNorm = hasFreeNorms ? 0.1 : 1
        initialEncoderNorm = architecture == .gated ? 1 : 0.1
        gradientClip = architecture.choosesByCount ? 1 : nil
        auxK = architecture == .standard || architecture == .gated ? 0 : 2 * k
        deadAfterTokens = max(20_000, min(totalTokens / 20, 10_000_000))
        switch architecture {
        case .matryoshka: prefixes = Self.shares([1.0 / 16, 1.0 / 8, 1.0 / 4, 1.0 / 2], of: dSAE)
        case .hierarchical: prefixes = Self.budgets(k)
        case .orthogonal: orthogonality = 0.25
        case .kron: kronShape = Self.kronShape(neurons: dSAE)
        default: break
        }
    }

    /// The widths of a Matryoshka SAE, the whole last.
    public static func shares(_ shares: [Double], of width: Int) -> [Int] {
        var widths: [Int] = []
        for share in shares {
            let count = Int((share * Double(width)).rounded())
            if count > widths.last ?? 0 && count < width { widths.append(count) }
        }
        return widths + [width]
    }

    /// Budgets up to k: each one, or some 32 evenly spread ones.
    static func budgets(_ k: Int) -> [Int] {
        guard k > 0 else { return [] }
        let step = max(1, k / 32)
        return stride(from: k, to: 0, by: -step).reversed()
    }

    /// Pairs of 4 and 4 units where that comes out even, else of fewer.
    static func kronShape(neurons: Int) -> KronShape {
        let side = [4, 2].first { neurons % ($0 * $0) == 0 } ?? 1
        return KronShape(heads: neurons / (side * side), m: side, n: side)
    }

    /// Rows of the encoder: one a neuron, fewer for a KronSAE.
    public var encoderUnits: Int { architecture == .kron ? kronShape.units : dSAE }

    public var totalSteps: Int { (totalTokens + batchSize - 1) / batchSize }

    /// The learning rate of a step, counted from 0: a linear rise, a plateau, a linear fall.
    public func learningRate(step: Int) -> Float {
        let total = Double(totalSteps)
        let position = Double(step) + 1
        let rise = warmUpFraction > 0 ? position / (warmUpFraction * total) : 1
        let fall = decayFraction > 0 ? (total - Double(step)) / (decayFraction * total) : 1
        return learningRate * Float(max(0, min(1, rise, fall)))
    }

    /// The share of the sparsity penalty's weight that a step has, counted from 0.
    public func sparsityShare(step: Int) -> Float {
        guard sparsityWarmUpFraction > 0 else { return 1 }
        return Float(min(1, (Double(step) + 1) / (sparsityWarmUpFraction * Double(totalSteps))))
    }
}

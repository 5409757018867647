/// How rotary position embedding turns queries and keys (Su et al. 2021).
public struct RotarySettings: Sendable, Hashable {
    /// Which dimensions of a head make a pair.
    public enum Pairing: Sendable, Hashable {
        /// Dimension `i` with `i + d/2`, as Hugging Face stores q and k.
        case halves
        /// Dimension `2i` with `2i + 1`, as GGUF files of the `llama` architecture store them.
        case neighbours
    }

    /// Base of the angles (theta).
    public var base: Float
    /// Leading dimensions of each head that are rotated. An odd number, as a share of a small head gives it, sets the angles and is
    /// rounded up where they are applied.
    public var dimensions: Int
    public var pairing = Pairing.halves
    public var scaling = RopeScaling.none

    /// Pairs of dimensions that turn together.
    public var pairs: Int { (dimensions + 1) / 2 }
}

/// How rotary frequencies are changed to reach further than the model was trained for.
///
/// The rules are those of transformers' `modeling_rope_utils`; lengths are tokens.
public enum RopeScaling: Sendable, Hashable {
    case none
    /// Every frequency divided by a factor.
    case linear(factor: Float)
    /// The base grows with the sequence once it is longer than the original context (NTK-aware).
    case dynamic(factor: Float, originalLength: Int)
    /// Low frequencies divided, high ones kept, a blend between (Llama 3.1).
    case llama3(factor: Float, lowFactor: Float, highFactor: Float, originalLength: Int)
    /// As above by rotations within the context, with sines and cosines scaled (Peng et al. 2023).
    case yarn(YaRN)
    /// One divisor a pair, of two sets by the length of the sequence, with sines and cosines scaled (Ding et al. 2024).
    case longRope(short: [Float], long: [Float], originalLength: Int, attentionFactor: Float)
    /// One divisor a pair, as the tensor `rope_freqs` of GGUF files holds them.
    case divisors([Float])

    public struct YaRN: Sendable, Hashable {
        public var factor: Float
        public var originalLength: Int
        public var betaFast: Float = 32
        public var betaSlow: Float = 1
        /// What sines and cosines are multiplied by.
        public var attentionFactor: Float
        /// Whether the ends of the ramp are whole dimensions.
        public var truncates = true
    }
}

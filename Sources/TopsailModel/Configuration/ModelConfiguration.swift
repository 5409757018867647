import TopsailCore

/// The sizes and constants of a decoder-only transformer, in the field's words.
///
/// It says everything about a model's arithmetic; a family only fills it in.
public struct ModelConfiguration: Sendable, Hashable {
    /// The name the files give the model.
    public var name: String
    /// The family, by Hugging Face's `model_type`.
    public var family: String
    public var dModel: Int
    public var nLayers: Int
    public var nHeads: Int
    /// Key and value heads; fewer than `nHeads` in grouped-query attention.
    public var nKVHeads: Int
    public var dHead: Int
    public var dMLP: Int
    public var vocabularySize: Int
    /// Longest sequence the model was made for, in tokens.
    public var contextLength: Int
    public var norm: NormSettings
    public var block = BlockShape()
    public var attention: AttentionSettings
    public var mlp: MLPSettings
    /// Rotary embeddings; a layer names one by its index. Empty where positions are learned vectors.
    public var rotaries: [RotarySettings] = []
    /// What differs between layers, one entry each.
    public var layers: [LayerSettings]
    /// What token embeddings are multiplied by.
    public var embeddingScale: Float = 1
    /// `cap * tanh(logit / cap)` on the logits, where there is a cap.
    public var logitSoftCap: Float?
}

/// How attention and MLP are joined to the residual stream.
public struct BlockShape: Sendable, Hashable {
    /// Attention and MLP read the same stream and are added together (GPT-NeoX); `resid_mid` does not exist then.
    public var isParallel = false
    /// Norms before attention and MLP; only OLMo 2 has none.
    public var hasPreNorms = true
    /// Norms between attention or MLP and the stream (Gemma 2/3, OLMo 2).
    public var hasPostNorms = false
}

/// The kind of norm a model uses throughout.
public struct NormSettings: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// Root mean square (Zhang and Sennrich 2019).
        case rms
        /// Mean and variance, with a bias (Ba et al. 2016).
        case layer
    }

    public var kind: Kind
    public var epsilon: Float
}

public struct AttentionSettings: Sendable, Hashable {
    /// Norms on queries and keys, before the rotation.
    public enum QueryKeyNorm: Sendable, Hashable {
        case none
        /// Each head by itself (Qwen 3, Gemma 3). Weights are `[d_head]`.
        case perHead
        /// All heads together (OLMo 2). Weights are `[heads * d_head]`.
        case wholeWidth
    }

    /// What scores are multiplied by, usually `1/√d_head`.
    public var scale: Float
    public var queryKeyNorm = QueryKeyNorm.none
    /// `cap * tanh(score / cap)` on the scores, where there is a cap (Gemma 2).
    public var softCap: Float?
}

public struct MLPSettings: Sendable, Hashable {
    public enum Activation: String, Sendable, Hashable {
        case silu
        /// `0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³)))`.
        case geluTanh
        /// `0.5 x (1 + erf(x/√2))`.
        case gelu
        case relu
    }

    public var activation: Activation
    /// Whether a second product multiplies the activation (Shazeer 2020).
    public var isGated: Bool
}

public struct LayerSettings: Sendable, Hashable {
    /// Tokens that a position sees, itself included; all before it when `nil`.
    public var window: Int?
    /// Index into `ModelConfiguration.rotaries`.
    public var rotary = 0
    /// What this layer's scores are multiplied by besides the model's scale (GPT-2's inverse layer index).
    public var scale: Float = 1
}

extension ModelConfiguration {
    /// More layers than any model has: settings that claim more are wrong.
    static let mostLayers = 4096
    /// More than any model is wide, in elements, for the stream, all heads together and the MLP alike.
    static let widest = 1 << 20

    /// Longest sequence that can be read, in tokens: the context, or what a rotary embedding that grows with the sequence is
    /// made to reach.
    public var longestSequence: Int {
        let stretched = rotaries.compactMap { rotary in
            if case .dynamic(let factor, let original) = rotary.scaling { Float(original) * factor } else { nil }
        }
        return max(contextLength, stretched.max().map { Int(min($0, 0x1p28)) } ?? 0)
    }

    /// Width of what a hook point delivers, in elements; `nil` where the model has no such point.
    public func width(of point: HookPoint) -> Int? {
        guard point.site == .finalNorm || (0..<nLayers).contains(point.layer) else { return nil }
        switch point.site {
        case .residPre, .residPost, .attnOut, .mlpOut, .finalNorm: return dModel
        case .residMid: return block.isParallel ? nil : dModel
        case .attnZ: return nHeads * dHead
        case .mlpAct: return dMLP
        case .attnOutRaw, .mlpOutRaw: return block.hasPostNorms ? dModel : nil
        }
    }
}

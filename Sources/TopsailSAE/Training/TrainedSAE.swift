import TopsailTensor

/// An SAE as trained, in the model's own units, as SAELens stores it: tensors by name and what `cfg.json` says of them.
///
/// BatchTopK and Matryoshka SAEs are JumpReLU SAEs with one threshold for all neurons, HierarchicalTopK and OrtSAE are TopK SAEs;
/// `metadata.training_architecture` says what they were trained as. A KronSAE has no counterpart in SAELens: its architecture is
/// `kronsae`, with the keys `k`, `n_heads` (h), `base_factors` (m) and `extension_factors` (n), `W_enc [d_in, h · (m + n)]` and
/// `b_enc [h · (m + n)]`, in which each head has m columns of the first kind and then n of the second, and `W_dec [d_sae, d_in]`,
/// in which neuron `(head · m + a) · n + c` is the pair of the head's a-th and c-th.
public struct TrainedSAE: Sendable {
    public struct Tensor: Sendable {
        public var shape: [Int]
        /// Row-major.
        public var values: [Float]
    }

    public var configuration: TrainingConfiguration
    public var tensors: [String: Tensor]
    /// `architecture`, and what belongs to it.
    public var keys: [String: ConfigurationValue]

    /// How it was trained, for `metadata`.
    public var trainingMetadata: [String: ConfigurationValue] {
        [
            "training_architecture": .string(configuration.architecture.savedName),
            "training_architecture_details": .object(configuration.trainingDetails),
        ]
    }

    /// A tensor's values; none when there is no such tensor.
    public subscript(name: String) -> [Float] { tensors[name]?.values ?? [] }
}

extension TrainingArchitecture {
    /// SAELens' name where it has one.
    public var savedName: String {
        switch self {
        case .matryoshka: "matryoshka_batchtopk"
        default: rawValue
        }
    }
}

extension TrainingConfiguration {
    fileprivate var trainingDetails: [String: ConfigurationValue] {
        var details: [String: ConfigurationValue] = ["lr": .number(Double(learningRate)), "k": .int(k)]
        switch architecture {
        case .matryoshka: details["matryoshka_widths"] = .list(prefixes.map { .int($0) })
        case .hierarchical: details["budgets"] = .list(prefixes.map { .int($0) })
        case .jumprelu: details["jumprelu_bandwidth"] = .number(Double(bandwidth))
        default: break
        }
        if orthogonality > 0 { details["orthogonality_coefficient"] = .number(Double(orthogonality)) }
        return details
    }
}

// MARK: Making

extension SAETrainer {
    /// The SAE as trained so far.
    ///
    /// The input scale s is folded so that decoder rows keep their norm: features, biases and thresholds are divided by s, which
    /// changes neither what is active nor the reconstruction. Norms of decoder rows that were trained are folded into the
    /// encoder.
    public func trained() -> TrainedSAE {
        let (dIn, dSAE, units) = (configuration.dIn, configuration.dSAE, configuration.encoderUnits)
        let norms = configuration.decoderNorm == .free ? (0..<dSAE).map { max(core.decoderNorm($0), 1e-8) } : nil
        func scaled(_ parameter: TrainedParameter) -> TrainedSAE.Tensor {
            var values = parameter.values.elements()
            for i in values.indices { values[i] = values[i] * (norms?[i] ?? 1) / inputScale }
            return .init(shape: [values.count], values: values)
        }
        var encoder = [Float](repeating: 0, count: dIn * units)
        for unit in 0..<units {
            let (row, factor) = (core.encoder.pointer + unit * dIn, norms?[unit] ?? 1)
            for i in 0..<dIn { encoder[i * units + unit] = row[i] * factor }
        }
        var decoder = core.decoder.values.elements()
        if let norms { for i in decoder.indices { decoder[i] /= norms[i / dIn] } }
        var tensors = [
            "W_enc": TrainedSAE.Tensor(shape: [dIn, units], values: encoder),
            "W_dec": .init(shape: [dSAE, dIn], values: decoder),
            "b_dec": .init(shape: [dIn], values: core.decoderBias.values.elements().map { $0 / inputScale }),
        ]
        switch objective {
        case let gated as GatedObjective:
            tensors["b_gate"] = scaled(core.encoderBias)
            tensors["b_mag"] = scaled(gated.magnitudeBias)
            tensors["r_mag"] = .init(shape: [dSAE], values: gated.logScale.values.elements())
        case let jump as JumpReLUObjective:
            tensors["b_enc"] = scaled(core.encoderBias)
            tensors["threshold"] = scaled(jump.thresholds)
        case is BatchTopKObjective:
            let threshold = Float((objective.threshold ?? 0) / Double(inputScale))
            tensors["b_enc"] = scaled(core.encoderBias)
            tensors["threshold"] = .init(shape: [dSAE], values: [Float](repeating: threshold, count: dSAE))
        default: tensors["b_enc"] = scaled(core.encoderBias)
        }
        return TrainedSAE(configuration: configuration, tensors: tensors, keys: savedKeys)
    }

    private var savedKeys: [String: ConfigurationValue] {
        let k = ConfigurationValue.int(configuration.k)
        switch configuration.architecture {
        case .standard: return ["architecture": .string("standard")]
        case .gated: return ["architecture": .string("gated")]
        case .jumprelu, .batchtopk, .matryoshka: return ["architecture": .string("jumprelu")]
        case .topk, .hierarchical, .orthogonal:
            return ["architecture": .string("topk"), "k": k, "rescale_acts_by_decoder_norm": .bool(false)]
        case .abstopk:
            return ["architecture": .string("abstopk"), "k": k, "rescale_acts_by_decoder_norm": .bool(false)]
        case .kron:
            let shape = configuration.kronShape
            return [
                "architecture": .string("kronsae"), "k": k, "n_heads": .int(shape.heads),
                "base_factors": .int(shape.m), "extension_factors": .int(shape.n),
            ]
        }
    }
}

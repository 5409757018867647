import Foundation
import TopsailCore
import TopsailTensor

/// An SAE as SAELens' layout expresses it, with everything folded into weights that the layout has no words for.
struct SAELensForm {
    let info: SAEInfo
    private(set) var architecture: SAEInfo.Architecture
    /// The configuration's own keys beside those that all have.
    private(set) var configuration: [String: ConfigurationValue] = [:]
    private(set) var metadata: [String: ConfigurationValue] = [:]
    private(set) var tensors: [WrittenTensor] = []
    private let path: String

    /// - Parameter path: Where it will be written, for errors.
    /// - Throws: `unsupported`, naming what the layout cannot express.
    init(_ sae: any SparseAutoencoder, path: String) throws {
        info = sae.info
        architecture = sae.info.architecture
        self.path = path
        guard sae.info.hasDecoder else { throw SAECheckpointError(path, .unsupported("an SAE without a decoder")) }
        metadata = Self.metadata(of: sae.info)
        switch sae {
        case let sae as StandardSAE: try writeStandard(sae)
        case let sae as JumpReLUSAE: try writeJumpReLU(sae)
        case let sae as TopKSAE: try writeTopK(sae)
        case let sae as HierarchicalTopKSAE:
            try writeLinear(sae.core, as: .topk, k: sae.k)
        case let sae as AbsTopKSAE: try writeLinear(sae.core, as: .abstopk, k: sae.k)
        case let sae as GatedSAE: try writeGated(sae)
        case let sae as MatchingPursuitSAE: try writeMatchingPursuit(sae)
        case let sae as TemporalSAE: try writeTemporal(sae)
        default:
            throw SAECheckpointError(
                path, .unsupported("architecture \"\(sae.info.architecture.rawValue)\" in SAELens layout"))
        }
    }

    private static func metadata(of info: SAEInfo) -> [String: ConfigurationValue] {
        var metadata: [String: ConfigurationValue] = [:]
        metadata["hook_name"] =
            (info.hook.map { $0.transformerLensName ?? $0.description } ?? info.hookName)
            .map(ConfigurationValue.string) ?? .null
        metadata["model_name"] = info.model.map(ConfigurationValue.string) ?? .null
        for key in ["hook_name_out", "training_architecture", "hook_head_index", "prepend_bos", "hook_names"] {
            if let value = info.parameters[key] { metadata[key] = value }
        }
        for key in ["hook_point_out", "hf_hook_point_out"] where metadata["hook_name_out"] == nil {
            metadata["hook_name_out"] = info.parameters[key]
        }
        return metadata
    }
}

// MARK: Architectures

extension SAELensForm {
    private func refusal(_ what: String) -> SAECheckpointError {
        SAECheckpointError(path, .unsupported("\(what) in SAELens layout"))
    }

    private mutating func writeStandard(_ sae: StandardSAE) throws {
        let isTranscoder = info.architecture.isTranscoder || info.dIn != info.dOut
        let architecture: SAEInfo.Architecture =
            if sae.core.decoder.skip != nil { .skipTranscoder } else { isTranscoder ? .transcoder : .standard }
        try writeLinear(sae.core, as: architecture)
    }

    private mutating func writeJumpReLU(_ sae: JumpReLUSAE) throws {
        guard !sae.keepsNegative || sae.thresholds.allSatisfy({ $0 >= 0 }) else {
            throw refusal("a threshold below zero without a ReLU")
        }
        let isTranscoder = info.architecture.isTranscoder || info.dIn != info.dOut
        let architecture: SAEInfo.Architecture =
            if sae.core.decoder.skip != nil { .jumpReLUSkipTranscoder } else {
                isTranscoder ? .jumpReLUTranscoder : .jumprelu
            }
        try writeLinear(sae.core, as: architecture)
        let factors = sae.core.featureScale?.values
        // A neuron whose factor is zero never speaks; no threshold of zero may let it.
        let thresholds = sae.thresholds.enumerated().map { i, threshold in
            guard let factor = factors?[i] else { return threshold }
            return factor > 0 ? threshold * factor : Float.greatestFiniteMagnitude
        }
        tensors.append(.vector("threshold", thresholds))
        noteNesting()
    }

    /// SAELens keeps the origin of an SAE and its nested widths in the metadata.
    private mutating func noteNesting() {
        guard [.matryoshka, .batchtopk].contains(info.architecture) else { return }
        metadata["training_architecture"] = .string(info.architecture.rawValue)
        guard case .list(let sizes)? = info.parameters["group_sizes"] else { return }
        var width = 0
        let widths = sizes.compactMap { size -> ConfigurationValue? in
            guard case .int(let size) = size else { return nil }
            width += size
            return .int(width)
        }
        metadata["training_architecture_details"] = .object(["matryoshka_widths": .list(widths)])
    }

    private mutating func writeTopK(_ sae: TopKSAE) throws {
        guard sae.ties != .signed else { throw refusal("TopK without a ReLU") }
        guard !info.architecture.isTranscoder, info.dIn == info.dOut, sae.core.decoder.skip == nil else {
            throw refusal("a TopK transcoder")
        }
        try writeLinear(sae.core, as: .topk, k: sae.k)
    }

    private mutating func writeGated(_ sae: GatedSAE) throws {
        let folded = try writeLinear(sae.core, as: .gated)
        tensors.removeAll { $0.name == "b_enc" }
        // The bias is what folding the centre left; the gate has it as it is, the magnitude in its own scale.
        tensors.append(.vector("b_gate", zip(sae.gateBias, folded).map { $0 + $1 }))
        tensors.append(
            .vector(
                "b_mag",
                sae.magnitudeBias.indices.map { sae.magnitudeBias[$0] + folded[$0] * sae.magnitudeScale[$0] }))
        tensors.append(.vector("r_mag", sae.magnitudeScale.map { Foundation.log($0) }))
    }

    private mutating func writeMatchingPursuit(_ sae: MatchingPursuitSAE) throws {
        let core = sae.core
        guard let matrix = core.decoder.matrix, core.input.scale == 1 else { throw refusal("a scaled input") }
        architecture = .matchingPursuit
        configuration["normalize_activations"] = .string(core.input.normalization.rawValue)
        configuration["apply_b_dec_to_input"] = .bool(core.input.center != nil)
        configuration["residual_threshold"] = .number(Double(sae.limits.residual))
        configuration["max_iterations"] = .int(sae.limits.iterations)
        configuration["stop_on_duplicate_support"] = .bool(sae.limits.stopsOnDuplicateSupport)
        tensors = [.matrix("W_dec", matrix), .vector("b_dec", core.input.center ?? core.decoder.bias)]
    }

    private mutating func writeTemporal(_ sae: TemporalSAE) throws {
        let core = sae.core
        guard let decoder = core.decoder.matrix else { throw refusal("an SAE without a decoder") }
        architecture = .temporal
        let isTied = core.encoder.matrix.base == decoder.base
        configuration = [
            "normalize_activations": .string(
                core.input.scale == 1 ? core.input.normalization.rawValue : "constant_scalar_rescale"),
            "activation_normalization_factor": .number(Double(core.input.scale)),
            "apply_b_dec_to_input": .bool(core.input.center != nil), "n_heads": .int(sae.heads),
            "n_attn_layers": .int(sae.layers.count), "sae_diff_type": .string(sae.k == nil ? "relu" : "topk"),
            "kval_topk": sae.k.map(ConfigurationValue.int) ?? .null, "tied_weights": .bool(isTied),
        ]
        if let layer = sae.layers.first {
            configuration["bottleneck_factor"] = .int(info.dSAE / layer.query.matrix.rows)
        }
        tensors = [.matrix("W_dec", decoder), .vector("b_dec", core.input.center ?? core.decoder.bias)]
        if !isTied { tensors.append(.matrix("W_enc", core.encoder.matrix.transposed)) }
        for (i, layer) in sae.layers.enumerated() {
            let parts = [
                ("q_target", layer.query), ("k_ctx", layer.key), ("v_ctx", layer.value), ("c_proj", layer.output),
            ]
            for (name, linear) in parts {
                tensors.append(.matrix("attn_layers.\(i).\(name).weight", linear.matrix))
                tensors.append(.vector("attn_layers.\(i).\(name).bias", linear.bias))
            }
        }
    }
}

// MARK: Linear parts

extension SAELensForm {
    /// Folds scales into weights and writes the parts that linear SAEs share.
    ///
    /// - Returns: The encoder's bias as it is written.
    @discardableResult
    private mutating func writeLinear(
        _ core: LinearCore, as architecture: SAEInfo.Architecture, k: Int? = nil
    ) throws -> [Float] {
        guard core.encoder.gate == nil else { throw refusal("a gated linear unit in the encoder") }
        guard !core.input.scalesByBatch else { throw refusal("norm_activation \"batch-wise\"") }
        guard let decoderMatrix = core.decoder.matrix else { throw refusal("an SAE without a decoder") }
        let input = core.input
        guard input.normalization == .none || input.scale == 1 else { throw refusal("a scaled and normalised input") }
        guard input.normalization == .none || !architecture.isTranscoder || !input.isUndone else {
            throw refusal("a transcoder whose normalisation is undone")
        }
        let features = core.featureScale?.values
        if k != nil, let features { try checkUniform(features) }

        self.architecture = architecture
        let bias = core.decoder.bias.map { $0 * core.decoder.outputScale }
        let applies = !architecture.isTranscoder && isDecoderBias(core)
        configuration["normalize_activations"] = .string(input.normalization.rawValue)
        configuration["apply_b_dec_to_input"] = .bool(applies)
        if architecture.isTranscoder { configuration["d_out"] = .int(info.dOut) }
        if let k {
            configuration["k"] = .int(k)
            // Norms of the decoder rows, where they mattered, are folded.
            configuration["rescale_acts_by_decoder_norm"] = .bool(false)
        }
        let reading = Self.product(core.encoder.scale?.values, features, input.scale, count: info.dSAE)
        let writing = Self.product(
            core.decoder.scale?.values, nil, core.decoder.outputScale, count: info.dSAE)
        let encoderBias = foldedBias(core, features, applies: applies)
        tensors = [
            .matrix("W_enc", core.encoder.matrix.transposed, columnFactors: reading),
            .matrix("W_dec", decoderMatrix, rowFactors: writing), .vector("b_enc", encoderBias),
            .vector("b_dec", bias),
        ]
        if architecture.hasSkip, let skip = core.decoder.skip { tensors.append(.matrix("W_skip", skip)) }
        return encoderBias
    }

    /// A choice of the k largest sees features as they are written, so that one factor for all must have done.
    private func checkUniform(_ factors: [Float]) throws {
        let used = factors.filter { $0 != 0 }
        guard let low = used.min(), let high = used.max(), high > low * 1.0001 else { return }
        throw refusal("features chosen by their decoder norms and kept without them")
    }

    /// Whether what is subtracted from the input is what SAELens would subtract.
    private func isDecoderBias(_ core: LinearCore) -> Bool {
        guard let center = core.input.center, center.count == core.decoder.bias.count else { return false }
        let factor = core.input.scale * core.decoder.outputScale
        return zip(center, core.decoder.bias).allSatisfy { abs($0 - $1 * factor) <= 1e-6 * abs($0) }
    }

    /// The encoder's bias in units of features, less what the centre gives when SAELens does not subtract it itself.
    private func foldedBias(_ core: LinearCore, _ features: [Float]?, applies: Bool) -> [Float] {
        var bias = core.encoder.bias?.values ?? [Float](repeating: 0, count: info.dSAE)
        if let center = core.input.center, !applies {
            var product = [Float](repeating: 0, count: bias.count)
            // The encoder's rows may be fewer or more than the neurons only where the layout is refused.
            core.encoder.matrix.multiply(center, count: 1, into: &product)
            let scale = core.encoder.scale?.values
            for i in bias.indices { bias[i] -= product[i] * (scale?[i] ?? 1) }
        }
        if let features { for i in bias.indices { bias[i] *= features[i] } }
        return bias
    }

    private static func product(_ a: [Float]?, _ b: [Float]?, _ factor: Float, count: Int) -> [Float]? {
        guard a != nil || b != nil || factor != 1 else { return nil }
        return (0..<count).map { (a?[$0] ?? 1) * (b?[$0] ?? 1) * factor }
    }
}

import TopsailCore

/// Reads Llama Scope (lm-saes 1.x, 2024): `hyperparams.json` beside `checkpoints/final.safetensors`.
///
/// Features are in raw units, as the library's own loader has them: the dataset's average norm goes into the biases and the
/// decoder, the decoder rows' norms into the encoder, and the threshold is applied to the result. SAELens keeps features in
/// the scaled space instead. Source: OpenMOSS/Language-Model-SAEs 1.1.0, `sae.py`.
enum LlamaScopeReader: CheckpointReader {
    static let format = "llama-scope"

    static func recognises(_ checkpoint: Checkpoint) -> Bool {
        guard let file = checkpoint.configuration, checkpoint.tensors.has("encoder.weight", "decoder.weight") else {
            return false
        }
        return file["hook_point_in"] != nil && file["d_model"] != nil && file["sae_type"] == nil
    }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let (file, tensors) = (try checkpoint.requireConfiguration(), checkpoint.tensors)
        let (dSAE, dIn) = try tensors.extents("encoder.weight")
        let dOut = try tensors.extents("decoder.weight").rows
        guard try file.bool("use_glu_encoder") != true else {
            throw SAECheckpointError(file.path, .unsupported("use_glu_encoder in this generation"))
        }
        let matrix = try tensors.transposed("decoder.weight", rows: dSAE, columns: dOut)
        var encoder = LinearEncoder(matrix: try tensors.matrix("encoder.weight", rows: dSAE, columns: dIn))
        var bias = NeuronFactors(try tensors.vector("encoder.bias", count: dSAE))
        var decoder = LinearDecoder(matrix: matrix, bias: try tensors.optionalVector("decoder.bias", count: dOut))
        var input = InputPreparation()
        let norms = try norms(file, checkpoint)
        if let norms {
            let (scaleIn, scaleOut) = (Float(dIn).squareRoot() / norms.in, Float(dOut).squareRoot() / norms.out)
            let ratio = scaleIn / scaleOut
            bias = bias.map { $0 / scaleIn }
            decoder.bias = decoder.bias.map { $0 / scaleOut }
            decoder.scale = NeuronFactors { [Float](repeating: ratio, count: dSAE) }
        } else if try file.string("norm_activation") == "token-wise" {
            input.normalization = .constantNormRescale
        } else if let other = try file.string("norm_activation"), !["none", "inference"].contains(other) {
            throw SAECheckpointError(file.path, .unsupported("norm_activation \"\(other)\""))
        }
        if try file.bool("sparsity_include_decoder_norm") ?? true {
            let own = NeuronFactors.norms(of: matrix)
            let full = decoder.scale.map { own.times($0) } ?? own
            encoder.scale = full
            bias = bias.times(full)
            decoder.scale = own.inverse
        }
        encoder.bias = bias
        if try file.bool("apply_decoder_bias_to_pre_encoder") == true { input.center = decoder.bias }
        let info = checkpoint.info(
            format, .jumprelu, dIn: dIn, dOut: dOut, dSAE: dSAE, dtype: try tensors.dtype("encoder.weight"),
            hookName: try file.string("hook_point_in"), model: try modelName(checkpoint),
            parameters: file.kept(
                "act_fn", "jump_relu_threshold", "norm_activation", "sparsity_include_decoder_norm",
                "expansion_factor", "hook_point_out"))
        let core = LinearCore(info: info, input: input, encoder: encoder, decoder: decoder)
        return try OpenMOSS.activation(
            core, file, checkpoint,
            thresholds: { [Float](repeating: Float(try file.number("jump_relu_threshold") ?? 0), count: dSAE) })
    }

    /// The average norms of a dataset-wise normalisation; `nil` for others.
    private static func norms(
        _ file: ConfigurationFile, _ checkpoint: Checkpoint
    ) throws -> (in: Float, out: Float)? {
        guard try file.string("norm_activation") == "dataset-wise" else { return nil }
        let norms = try file.object("dataset_average_activation_norm")
        guard let norm = try norms.number("in"), norm > 0 else {
            throw SAECheckpointError(file.path, .missingKey("dataset_average_activation_norm.in"))
        }
        return (Float(norm), Float(try norms.number("out") ?? norm))
    }

    private static func modelName(_ checkpoint: Checkpoint) throws -> String? {
        guard let path = checkpoint.sibling("lm_config.json") else { return nil }
        return try? ConfigurationFile(path: path).string("model_name")
    }
}

/// What the three generations of OpenMOSS' library share.
enum OpenMOSS {
    /// The SAE for a configuration's `act_fn`.
    static func activation(
        _ core: LinearCore, _ file: ConfigurationFile, _ checkpoint: Checkpoint,
        thresholds: () throws -> [Float]
    ) throws -> any SparseAutoencoder {
        var core = core
        let isOther = core.info.dIn != core.info.dOut
        switch try file.string("act_fn") ?? "relu" {
        case "jumprelu":
            core.info.architecture = isOther ? .jumpReLUTranscoder : .jumprelu
            return JumpReLUSAE(core: core, thresholds: try thresholds(), keepsNegative: true)
        case "topk", "batchtopk":
            let isBatch = try file.string("act_fn") == "batchtopk"
            let k = try checkpoint.options.k ?? file.size("top_k")
            core.info.parameters["k"] = .int(k)
            core.info.architecture = isBatch ? .batchtopk : .topk
            return isBatch ? BatchTopKSAE(core: core, k: k) : TopKSAE(core: core, k: k)
        case "relu":
            core.info.architecture = isOther ? .transcoder : .standard
            return StandardSAE(core: core)
        case let other: throw SAECheckpointError(file.path, .unsupported("act_fn \"\(other)\""))
        }
    }
}

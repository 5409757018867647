import Foundation
import TopsailCore
import TopsailTensor

/// Reads the current generation of OpenMOSS' library (llamascopium): `config.json` and `sae_weights.safetensors` or `.pt` with
/// `W_E [d_model, d_sae]`, `b_E`, `W_D [d_sae, d_model]`, `b_D`.
enum LlamascopiumReader: CheckpointReader {
    static let format = "llamascopium"

    static func recognises(_ checkpoint: Checkpoint) -> Bool { checkpoint.tensors.has("W_E", "W_D") }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let tensors = checkpoint.tensors
        let (dIn, dSAE) = try tensors.extents("W_E")
        let dOut = try tensors.extents("W_D").columns
        var gate: LinearEncoder.Gate?
        if tensors.has("W_E_glu") {
            gate = .init(
                matrix: try tensors.transposed("W_E_glu", rows: dSAE, columns: dIn),
                bias: try tensors.vector("b_E_glu", count: dSAE))
        }
        return try OpenMOSSScaled(
            format: format,
            encoder: LinearEncoder(
                matrix: try tensors.transposed("W_E", rows: dSAE, columns: dIn),
                bias: NeuronFactors(try tensors.vector("b_E", count: dSAE)), gate: gate),
            decoder: LinearDecoder(
                matrix: try tensors.matrix("W_D", rows: dSAE, columns: dOut),
                bias: try tensors.optionalVector("b_D", count: dOut)), dtype: try tensors.dtype("W_E")
        ).read(checkpoint)
    }
}

/// Reads the R1-Distill generation of 2025: `config.json` and `sae_weights.safetensors` with two linear layers and
/// `log_jumprelu_threshold`.
enum LlamaScopeR1Reader: CheckpointReader {
    static let format = "llama-scope-r1"

    static func recognises(_ checkpoint: Checkpoint) -> Bool {
        let tensors = checkpoint.tensors
        guard let file = checkpoint.configuration, tensors.has("encoder.weight", "decoder.weight") else { return false }
        return file["sae_type"] != nil && file["d_model"] != nil
            || tensors.first("log_jumprelu_threshold", "activation_function.log_jumprelu_threshold") != nil
    }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let tensors = checkpoint.tensors
        let (dSAE, dIn) = try tensors.extents("encoder.weight")
        let dOut = try tensors.extents("decoder.weight").rows
        var gate: LinearEncoder.Gate?
        if tensors.has("encoder_glu.weight") {
            gate = .init(
                matrix: try tensors.matrix("encoder_glu.weight", rows: dSAE, columns: dIn),
                bias: try tensors.vector("encoder_glu.bias", count: dSAE))
        }
        return try OpenMOSSScaled(
            format: format,
            encoder: LinearEncoder(
                matrix: try tensors.matrix("encoder.weight", rows: dSAE, columns: dIn),
                bias: NeuronFactors(try tensors.vector("encoder.bias", count: dSAE)), gate: gate),
            decoder: LinearDecoder(
                matrix: try tensors.transposed("decoder.weight", rows: dSAE, columns: dOut),
                bias: try tensors.optionalVector("decoder.bias", count: dOut)),
            dtype: try tensors.dtype("encoder.weight")
        ).read(checkpoint)
    }
}

/// The arithmetic of both: inputs are scaled, neurons are chosen by `pre · ‖decoder row‖`, features stay in the scaled space
/// and keep `pre`, the reconstruction is scaled back.
struct OpenMOSSScaled {
    let format: String
    let encoder: LinearEncoder
    let decoder: LinearDecoder
    let dtype: DType

    func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let (file, tensors) = (try checkpoint.requireConfiguration(), checkpoint.tensors)
        let (dIn, dSAE, dOut) = (encoder.dIn, encoder.dSAE, decoder.dOut)
        if let type = try file.string("sae_type"), type != "sae" {
            throw SAECheckpointError(file.path, .unsupported("sae_type \"\(type)\""))
        }
        let hookIn = try file.string("hook_point_in")
        let hookOut = try file.string("hook_point_out") ?? hookIn
        var (input, encoder, decoder) = (InputPreparation(), encoder, decoder)
        switch try file.string("norm_activation") ?? "inference" {
        case "dataset-wise":
            input.scale = try scale(hookIn, width: dIn, file, checkpoint)
            decoder.outputScale = try 1 / scale(hookOut, width: dOut, file, checkpoint)
        case "token-wise": input.normalization = .constantNormRescale
        case "batch-wise": input.scalesByBatch = true
        case "inference", "none": break
        case let other: throw SAECheckpointError(file.path, .unsupported("norm_activation \"\(other)\""))
        }
        var featureScale: NeuronFactors?
        if try file.bool("sparsity_include_decoder_norm") ?? true, let matrix = decoder.matrix {
            let norms = NeuronFactors.norms(of: matrix)
            encoder.scale = norms
            encoder.bias = encoder.bias?.times(norms)
            featureScale = norms.inverse
        }
        if try file.bool("apply_decoder_bias_to_pre_encoder") == true { input.center = decoder.bias }
        let info = checkpoint.info(
            format, .jumprelu, dIn: dIn, dOut: dOut, dSAE: dSAE, dtype: dtype, hookName: hookIn,
            model: try file.string("model_name"),
            parameters: file.kept(
                "act_fn", "norm_activation", "sparsity_include_decoder_norm", "expansion_factor", "hook_point_out",
                "use_glu_encoder"))
        let core = LinearCore(
            info: info, input: input, encoder: encoder, featureScale: featureScale, decoder: decoder)
        return try OpenMOSS.activation(
            core, file, checkpoint, thresholds: { try thresholds(tensors, file) })
    }

    /// `√width / norm`, the norm from the file or the factor from the caller.
    private func scale(
        _ hook: String?, width: Int, _ file: ConfigurationFile, _ checkpoint: Checkpoint
    ) throws -> Float {
        if let factor = checkpoint.options.normScalingFactor { return factor }
        let prefix = "dataset_average_activation_norm."
        let tensors = checkpoint.tensors
        let all = tensors.names.filter { $0.hasPrefix(prefix) }
        guard
            let name = hook.map({ prefix + $0 }).flatMap({ all.contains($0) ? $0 : nil })
                ?? (all.count == 1 ? all.first : nil)
        else {
            throw SAECheckpointError(
                checkpoint.path, .missingOption("norm_scaling_factor", example: "0.5"))
        }
        let norm = try tensors.scalar(name)
        guard norm > 0, norm.isFinite else {
            throw SAECheckpointError(
                checkpoint.path, .badValue(key: name, expected: "a number above 0", found: "\(norm)"))
        }
        return Float(width).squareRoot() / norm
    }

    private func thresholds(_ tensors: CheckpointTensors, _ file: ConfigurationFile) throws -> [Float] {
        let names = ("log_jumprelu_threshold", "activation_function.log_jumprelu_threshold")
        guard let name = tensors.first(names.0, names.1) else {
            return [Float](repeating: Float(try file.number("jump_relu_threshold") ?? 0), count: encoder.dSAE)
        }
        if try tensors.info(name).elementCount == 1, encoder.dSAE > 1 {
            return [Float](repeating: Foundation.exp(try tensors.scalar(name)), count: encoder.dSAE)
        }
        return try tensors.vector(name, count: encoder.dSAE).map { Foundation.exp($0) }
    }
}

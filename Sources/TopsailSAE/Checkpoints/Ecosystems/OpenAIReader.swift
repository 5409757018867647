import Foundation
import TopsailCore

/// Reads OpenAI's sparse_autoencoder (Gao et al. 2024): a pickled state dict with `pre_bias`, `latent_bias`,
/// `encoder.weight`, `decoder.weight` unless tied, and the activation function by name.
///
/// `activation == "TopK"` is also the only sign that inputs are layer-normed. Source: openai/sparse_autoencoder, `model.py`.
enum OpenAIReader: CheckpointReader {
    static let format = "openai"

    static func recognises(_ checkpoint: Checkpoint) -> Bool { checkpoint.tensors.has("pre_bias", "latent_bias") }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let tensors = checkpoint.tensors
        let (dSAE, dIn) = try tensors.extents("encoder.weight")
        let bias = try tensors.vector("pre_bias", count: dIn)
        let encoder = LinearEncoder(
            matrix: try tensors.matrix("encoder.weight", rows: dSAE, columns: dIn),
            bias: NeuronFactors(try tensors.vector("latent_bias", count: dSAE)))
        let isTied = !tensors.has("decoder.weight")
        let matrix =
            isTied ? encoder.matrix : try tensors.transposed("decoder.weight", rows: dSAE, columns: dIn)
        let metadata = tensors.archive.metadata
        let activation = metadata.string(tensors.prefix + "activation") ?? "ReLU"
        let isTopK = activation == "TopK"
        let (hook, model) = (hook(checkpoint), "gpt2-small")
        var info = checkpoint.info(
            format, isTopK ? .topk : .standard, dIn: dIn, dOut: dIn, dSAE: dSAE,
            dtype: try tensors.dtype("encoder.weight"), hook: hook, model: hook == nil ? nil : model,
            parameters: ["activation": .string(activation), "tied": .bool(isTied)])
        let k = checkpoint.options.k ?? metadata.int(tensors.prefix + "activation_state_dict.k")
        if isTopK { info.parameters["k"] = k.map(ConfigurationValue.int) }
        let core = LinearCore(
            info: info, input: InputPreparation(normalization: isTopK ? .layerNorm : .none, center: bias),
            encoder: encoder, decoder: LinearDecoder(matrix: matrix, bias: bias))
        switch activation {
        case "ReLU": return StandardSAE(core: core)
        case "Identity": return VariationalSAE(core: core)
        case "TopK":
            guard let k, k > 0 else { throw SAECheckpointError(checkpoint.path, .missingOption("k", example: "32")) }
            let after = metadata.string(tensors.prefix + "activation_state_dict.postact_fn") ?? "ReLU"
            return TopKSAE(core: core, k: k, ties: after == "Identity" ? .signed : .lowerIndex)
        default: throw SAECheckpointError(checkpoint.path, .unsupported("the activation \"\(activation)\""))
        }
    }

    /// `resid_post_mlp_v5_32k/autoencoders/6.pt`.
    private static func hook(_ checkpoint: Checkpoint) -> HookPoint? {
        let parts = checkpoint.absolutePath.split(separator: "/").map(String.init)
        let layer = checkpoint.options.layer ?? parts.last.flatMap { PathNumbers.first(#"^(\d+)\.pt$"#, in: $0) }
        // Longer names first: one begins with another.
        let sites: [(String, HookSite)] = [
            ("mlp_post_act", .mlpAct), ("resid_delta_mlp", .mlpOut), ("resid_delta_attn", .attnOut),
            ("resid_post_attn", .residMid), ("resid_post_mlp", .residPost),
        ]
        guard let layer else { return nil }
        for part in parts.reversed() {
            if let site = sites.first(where: { part.hasPrefix($0.0) }) { return HookPoint(site.1, layer: layer) }
        }
        return nil
    }
}

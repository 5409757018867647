import Foundation
import TopsailCore

/// Reads the attention SAEs of Kissane, Krzyzanowski et al. 2024 (ckkissane/attn-saes-gpt2-small-all-layers): `<name>.pt` with
/// `W_enc`, `W_dec`, `b_enc`, `b_dec` beside `<name>_cfg.json`. ReLU, `b_dec` subtracted; inputs are heads side by side.
enum AttentionSAEsReader: CheckpointReader {
    static let format = "attn-saes-gpt2"

    static func recognises(_ checkpoint: Checkpoint) -> Bool {
        guard let file = checkpoint.configuration, checkpoint.tensors.has("W_enc", "W_dec") else { return false }
        return file["act_size"] != nil && file["act_name"] != nil
    }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let (file, tensors) = (try checkpoint.requireConfiguration(), checkpoint.tensors)
        let (dIn, dSAE) = try tensors.extents("W_enc")
        let bias = try tensors.vector("b_dec", count: dIn)
        let info = checkpoint.info(
            format, .standard, dIn: dIn, dOut: dIn, dSAE: dSAE, dtype: try tensors.dtype("W_enc"),
            hookName: try file.string("act_name"),
            model: checkpoint.file.contains("gpt2-small") ? "gpt2-small" : try file.string("model_name"),
            parameters: ["reshape_activations": .string("hook_z")])
        return StandardSAE(
            core: LinearCore(
                info: info, input: InputPreparation(center: bias),
                encoder: LinearEncoder(
                    matrix: try tensors.transposed("W_enc", rows: dSAE, columns: dIn),
                    bias: NeuronFactors(try tensors.vector("b_enc", count: dSAE))),
                decoder: LinearDecoder(matrix: try tensors.matrix("W_dec", rows: dSAE, columns: dIn), bias: bias)))
    }
}

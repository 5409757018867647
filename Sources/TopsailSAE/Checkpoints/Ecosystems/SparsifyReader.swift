import Foundation
import TopsailCore

/// Reads EleutherAI's sparsify: `cfg.json` and `sae.safetensors` with `encoder.weight [d_sae, d_in]`, `encoder.bias`,
/// `W_dec [d_sae, d_in]`, `b_dec` and perhaps `W_skip [d_in, d_in]`. The folder's name is the hook point.
///
/// `b_dec` is subtracted from the input unless it transcodes. Source: eai-sparsify 1.3.3, `sparse_coder.py`; `signed` is from
/// its history.
enum SparsifyReader: CheckpointReader {
    static let format = "sparsify"

    static func recognises(_ checkpoint: Checkpoint) -> Bool {
        checkpoint.tensors.has("encoder.weight", "encoder.bias", "W_dec", "b_dec")
    }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let (file, tensors) = (try checkpoint.requireConfiguration(), checkpoint.tensors)
        let (dSAE, dIn) = try tensors.extents("encoder.weight")
        let isTranscoder = try file.bool("transcode") ?? false
        let bias = try tensors.vector("b_dec", count: dIn)
        var decoder = LinearDecoder(matrix: try tensors.matrix("W_dec", rows: dSAE, columns: dIn), bias: bias)
        if tensors.has("W_skip") { decoder.skip = try tensors.matrix("W_skip", rows: dIn, columns: dIn) }
        let activation = try file.string("activation") ?? "topk"
        let isSigned = try file.bool("signed") ?? false
        let k = try checkpoint.options.k ?? file.size("k")
        let model = model(checkpoint)
        let hookName = hookName(checkpoint)
        let architecture: SAEInfo.Architecture =
            if activation == "groupmax" { .groupmax } else if isTranscoder {
                decoder.skip == nil ? .transcoder : .skipTranscoder
            } else { isSigned ? .abstopk : .topk }
        var info = checkpoint.info(
            format, architecture, dIn: dIn, dOut: dIn, dSAE: dSAE, dtype: try tensors.dtype("encoder.weight"),
            hookName: hookName, model: model,
            parameters: file.kept(
                "activation", "expansion_factor", "normalize_decoder", "multi_topk", "transcode", "skip_connection",
                "signed"))
        info.parameters["k"] = .int(k)
        // A transcoder reads its module's input, which is no hook point of ours.
        if isTranscoder { info.hook = nil }
        let core = LinearCore(
            info: info, input: InputPreparation(center: isTranscoder ? nil : bias),
            encoder: LinearEncoder(
                matrix: try tensors.matrix("encoder.weight", rows: dSAE, columns: dIn),
                bias: NeuronFactors(try tensors.vector("encoder.bias", count: dSAE))),
            decoder: decoder)
        switch activation {
        case "topk": return isSigned ? AbsTopKSAE(core: core, k: k) : TopKSAE(core: core, k: k)
        case "groupmax":
            guard dSAE % k == 0 else {
                throw SAECheckpointError(
                    file.path, .badValue(key: "k", expected: "a divisor of \(dSAE)", found: "\(k)"))
            }
            return GroupMaxSAE(core: core, k: k)
        default: throw SAECheckpointError(file.path, .unsupported("activation \"\(activation)\""))
        }
    }

    /// The folder's name where it is a module path.
    private static func hookName(_ checkpoint: Checkpoint) -> String? {
        let name = (URL(fileURLWithPath: checkpoint.file).standardizedFileURL.deletingLastPathComponent())
            .lastPathComponent
        return HookNames.layer(name) != nil || HookNames.hook(name) != nil ? name : nil
    }

    /// The training run's configuration lies one folder up.
    private static func model(_ checkpoint: Checkpoint) -> String? {
        let folder = URL(fileURLWithPath: checkpoint.folder).standardizedFileURL.deletingLastPathComponent()
        return try? ConfigurationFile(path: folder.appendingPathComponent("config.json").path).string("model")
    }
}

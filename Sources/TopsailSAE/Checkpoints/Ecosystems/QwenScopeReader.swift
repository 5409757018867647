import Foundation
import TopsailCore

/// Reads Qwen Scope: a pickled dict `W_enc [d_sae, d_in]`, `W_dec [d_in, d_sae]` (both the other way round from SAELens),
/// `b_enc`, `b_dec`. TopK on raw pre-activations, then ReLU; `b_dec` is not subtracted.
///
/// k is the number after `L0_` in the repository's name.
enum QwenScopeReader: CheckpointReader {
    static let format = "qwen-scope"

    static func recognises(_ checkpoint: Checkpoint) -> Bool {
        let tensors = checkpoint.tensors
        guard tensors.names == ["W_enc", "W_dec", "b_enc", "b_dec"], checkpoint.configuration == nil,
            let encoder = try? tensors.shape("W_enc"), let bias = try? tensors.shape("b_enc"),
            let decoderBias = try? tensors.shape("b_dec")
        else { return false }
        // A square one is decided by what the files are: of its layout only Qwen Scope's are pickles without a configuration.
        return encoder == bias + decoderBias && (bias != decoderBias || isPickle(checkpoint))
    }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let tensors = checkpoint.tensors
        let (dSAE, dIn) = try tensors.extents("W_enc")
        guard let k = checkpoint.options.k ?? PathNumbers.first(#"L0_(\d+)"#, in: checkpoint.origin), k > 0 else {
            throw SAECheckpointError(checkpoint.path, .missingOption("k", example: "50"))
        }
        let info = checkpoint.info(
            format, .topk, dIn: dIn, dOut: dIn, dSAE: dSAE, dtype: try tensors.dtype("W_enc"),
            hook: checkpoint.layer.map { HookPoint(.residPost, layer: $0) }, model: model(checkpoint),
            parameters: ["k": .int(k)])
        return TopKSAE(
            core: LinearCore(
                info: info, input: InputPreparation(),
                encoder: LinearEncoder(
                    matrix: try tensors.matrix("W_enc", rows: dSAE, columns: dIn),
                    bias: NeuronFactors(try tensors.vector("b_enc", count: dSAE))),
                decoder: LinearDecoder(
                    matrix: try tensors.transposed("W_dec", rows: dSAE, columns: dIn),
                    bias: try tensors.vector("b_dec", count: dIn))),
            k: k)
    }

    private static func isPickle(_ checkpoint: Checkpoint) -> Bool {
        [".pt", ".pth", ".bin"].contains(where: checkpoint.file.hasSuffix)
    }

    /// `SAE-Res-Qwen3-1.7B-Base-W32K-L0_50`.
    private static func model(_ checkpoint: Checkpoint) -> String? {
        let origin = checkpoint.origin
        guard let start = origin.range(of: "SAE-Res-"),
            let end = origin.range(of: #"-W\d+K"#, options: .regularExpression), start.upperBound < end.lowerBound
        else { return nil }
        return "Qwen/" + origin[start.upperBound..<end.lowerBound]
    }
}

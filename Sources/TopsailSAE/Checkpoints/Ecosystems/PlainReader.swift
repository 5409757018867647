import Foundation
import TopsailCore

/// Reads bare arrays under the field's names, in SAELens' orientation: `W_enc [d_in, d_sae]`, `W_dec [d_sae, d_out]`, `b_enc`,
/// `b_dec`, with a threshold JumpReLU, with the option `k` TopK, else ReLU.
///
/// `b_dec` is subtracted from the input only when the option `apply_b_dec_to_input` says so.
enum PlainReader: CheckpointReader {
    static let format = "plain"

    static func recognises(_ checkpoint: Checkpoint) -> Bool {
        checkpoint.tensors.first("W_enc", "w_enc") != nil && checkpoint.tensors.first("W_dec", "w_dec") != nil
    }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let (tensors, options) = (checkpoint.tensors, checkpoint.options)
        let encoderName = try tensors.require("W_enc", "w_enc")
        let decoderName = try tensors.require("W_dec", "w_dec")
        let (dIn, dSAE) = try tensors.extents(encoderName)
        let dOut = try tensors.extents(decoderName).columns
        let bias = try tensors.optionalVector("b_dec", count: dOut)
        let applies = options.appliesDecoderBiasToInput ?? false
        guard !applies || dIn == dOut else {
            throw SAECheckpointError(checkpoint.path, .wrongShape(tensor: "b_dec", expected: [dIn], found: [dOut]))
        }
        var input = InputPreparation(center: applies ? bias : nil)
        var decoder = LinearDecoder(
            matrix: try tensors.matrix(decoderName, rows: dSAE, columns: dOut), bias: bias)
        if let factor = options.normScalingFactor {
            input.scale = factor
            decoder.outputScale = 1 / factor
        }
        let threshold = tensors.first("threshold", "log_threshold")
        var architecture: SAEInfo.Architecture = dIn == dOut ? .standard : .transcoder
        if threshold != nil { architecture = dIn == dOut ? .jumprelu : .jumpReLUTranscoder }
        if options.k != nil { architecture = .topk }
        let metadata = tensors.archive.metadata
        let info = checkpoint.info(
            format, architecture, dIn: dIn, dOut: dOut, dSAE: dSAE, dtype: try tensors.dtype(encoderName),
            hookName: metadata.string("hook_name"), model: metadata.string("model_name"),
            parameters: ["apply_b_dec_to_input": .bool(applies)].merging(
                options.k.map { ["k": .int($0)] } ?? [:]
            ) { $1 })
        let core = LinearCore(
            info: info, input: input,
            encoder: LinearEncoder(
                matrix: try tensors.transposed(encoderName, rows: dSAE, columns: dIn),
                bias: NeuronFactors(try tensors.optionalVector("b_enc", count: dSAE))),
            decoder: decoder)
        if let k = options.k { return TopKSAE(core: core, k: k) }
        guard let threshold else { return StandardSAE(core: core) }
        var values =
            try tensors.info(threshold).elementCount == 1
            ? [Float](repeating: tensors.scalar(threshold), count: dSAE) : tensors.vector(threshold, count: dSAE)
        if threshold == "log_threshold" { values = values.map { Foundation.exp($0) } }
        return JumpReLUSAE(core: core, thresholds: values)
    }
}

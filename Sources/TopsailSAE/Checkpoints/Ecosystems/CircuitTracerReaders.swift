import Foundation
import TopsailCore
import TopsailTensor

/// Reads transcoder sets of the circuit-tracer family: `layer_L.safetensors` with `W_enc [d_sae, d_in]` (transposed against
/// SAELens), `b_enc`, `W_dec [d_sae, d_out]`, `b_dec`. ReLU. `config.yaml` beside it says model and hooks.
enum TranscoderSetReader: CheckpointReader {
    static let format = "circuit-tracer"

    static func recognises(_ checkpoint: Checkpoint) -> Bool {
        let tensors = checkpoint.tensors
        guard tensors.has("W_enc", "W_dec", "b_enc", "b_dec"), checkpoint.configuration == nil,
            let encoder = try? tensors.shape("W_enc"), let decoder = try? tensors.shape("W_dec"),
            let bias = try? tensors.shape("b_enc"), bias.count == 1, encoder.count == 2, decoder.count == 2
        else { return false }
        let isSet = checkpoint.sibling("config.yaml", "wandb-config.yaml", "wanb-config.yaml") != nil
        return encoder[0] == bias[0] && decoder[0] == bias[0] && (encoder[1] != bias[0] || isSet)
    }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let tensors = checkpoint.tensors
        let (dSAE, dIn) = try tensors.extents("W_enc")
        let dOut = try tensors.extents("W_dec").columns
        var decoder = LinearDecoder(
            matrix: try tensors.matrix("W_dec", rows: dSAE, columns: dOut),
            bias: try tensors.vector("b_dec", count: dOut))
        if tensors.has("W_skip") { decoder.skip = try tensors.matrix("W_skip", rows: dOut, columns: dIn) }
        var core = LinearCore(
            info: try CircuitTracer.info(
                checkpoint, .transcoder, dIn: dIn, dOut: dOut, dSAE: dSAE, dtype: tensors.dtype("W_enc")),
            input: InputPreparation(),
            encoder: LinearEncoder(
                matrix: try tensors.matrix("W_enc", rows: dSAE, columns: dIn),
                bias: NeuronFactors(try tensors.vector("b_enc", count: dSAE))), decoder: decoder)
        if let name = tensors.first("threshold", "activation_function.threshold") {
            core.info.architecture = decoder.skip == nil ? .jumpReLUTranscoder : .jumpReLUSkipTranscoder
            return JumpReLUSAE(core: core, thresholds: try tensors.vector(name, count: dSAE))
        }
        if decoder.skip != nil { core.info.architecture = .skipTranscoder }
        return StandardSAE(core: core)
    }
}

/// Reads one layer of a cross-layer transcoder (mntss/clt-*): `W_enc_L.safetensors` and `W_dec_L.safetensors` with
/// `W_dec_L [d_sae, layers written to, d_out]`. ReLU.
///
/// A single layer can give features only; as a reconstruction the sum over the layers it writes to is given, as SAELens does.
enum CrossLayerReader: CheckpointReader {
    static let format = "circuit-tracer-clt"

    static func recognises(_ checkpoint: Checkpoint) -> Bool { layer(checkpoint) != nil }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let tensors = checkpoint.tensors
        guard let layer = layer(checkpoint) else {
            throw SAECheckpointError(checkpoint.path, .missingTensor("W_enc_\(checkpoint.options.layer ?? 0)"))
        }
        let (dSAE, dIn) = try tensors.extents("W_enc_\(layer)")
        var decoder = LinearDecoder(bias: [Float](repeating: 0, count: dIn))
        var targets: Int?
        if let path = checkpoint.sibling("W_dec_\(layer).safetensors") {
            let other = try Checkpoint(
                file: path, path: checkpoint.path, name: checkpoint.name, options: checkpoint.options
            ).tensors
            let shape = try other.shape("W_dec_\(layer)")
            guard shape.count == 3, shape[0] == dSAE, !shape.contains(0) else {
                throw SAECheckpointError(
                    path, .wrongShape(tensor: "W_dec_\(layer)", expected: [dSAE, 1, dIn], found: shape))
            }
            targets = shape[1]
            decoder.matrix = SAEMatrix(summing: try other.view("W_dec_\(layer)", shape: shape)).prepared()
            decoder.bias = try tensors.vector("b_dec_\(layer)", count: shape[2])
        }
        var info = try CircuitTracer.info(
            checkpoint, .crossLayerTranscoder, dIn: dIn, dOut: decoder.dOut, dSAE: dSAE,
            dtype: tensors.dtype("W_enc_\(layer)"))
        info.format = TranscoderSetReader.format
        info.layer = layer
        info.hook?.layer = layer
        info.hasDecoder = decoder.matrix != nil
        info.parameters["target_layers"] = targets.map(ConfigurationValue.int)
        return StandardSAE(
            core: LinearCore(
                info: info, input: InputPreparation(),
                encoder: LinearEncoder(
                    matrix: try tensors.matrix("W_enc_\(layer)", rows: dSAE, columns: dIn),
                    bias: NeuronFactors(try tensors.vector("b_enc_\(layer)", count: dSAE))),
                decoder: decoder))
    }

    /// The layer whose encoder the file holds; the one asked for when it holds several.
    private static func layer(_ checkpoint: Checkpoint) -> Int? {
        let layers = checkpoint.tensors.names.compactMap { name in
            name.hasPrefix("W_enc_") ? Int(name.dropFirst(6)) : nil
        }
        if let wanted = checkpoint.options.layer, layers.contains(wanted) { return wanted }
        return layers.count == 1 ? layers[0] : nil
    }
}

/// The configuration of both.
private enum CircuitTracer {
    static func info(
        _ checkpoint: Checkpoint, _ architecture: SAEInfo.Architecture, dIn: Int, dOut: Int, dSAE: Int, dtype: DType
    ) throws -> SAEInfo {
        let file = try checkpoint.sibling("config.yaml").map { try YAMLFile.read($0) }
        let model = try file?.string("model_name")
        var hookName = try file?.string("feature_input_hook")
        if let name = hookName, let layer = checkpoint.layer, !name.hasPrefix("blocks.") {
            hookName = "blocks.\(layer).\(name)"
        }
        return checkpoint.info(
            TranscoderSetReader.format, architecture, dIn: dIn, dOut: dOut, dSAE: dSAE, dtype: dtype,
            hookName: hookName, model: model,
            parameters: file?.kept("feature_input_hook", "feature_output_hook", "model_kind") ?? [:])
    }
}

import TopsailCore

/// Reads Gemma Scope 2 (Gemma 3): `config.json` and `params.safetensors` with `w_enc [d_in, d_sae]`, `w_dec [d_sae, d_out]`,
/// `b_enc`, `b_dec`, `threshold`, and `affine_skip_connection [d_in, d_out]` in some transcoders.
///
/// Folders without a configuration say site and layer by their names. One layer of a cross-layer transcoder has
/// `w_dec [d_sae, layers, d_out]`, read as the sum over the layers it writes to.
enum GemmaScope2Reader: CheckpointReader {
    static let format = "gemma-scope-2"

    static func recognises(_ checkpoint: Checkpoint) -> Bool {
        let tensors = checkpoint.tensors
        guard tensors.has("w_enc", "w_dec"), !checkpoint.file.hasSuffix(".npz") else { return false }
        return tensors.has("threshold") || checkpoint.configuration?["architecture"] == .string("jump_relu")
    }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let tensors = checkpoint.tensors
        let file = checkpoint.configuration
        if let name = try file?.string("architecture"), name != "jump_relu" {
            throw SAECheckpointError(file!.path, .unsupported("architecture \"\(name)\""))
        }
        let (dIn, dSAE) = try tensors.extents("w_enc")
        let shape = try tensors.shape("w_dec")
        let isCrossLayer = shape.count == 3
        guard let dOut = shape.last, shape.count >= 2 else {
            throw SAECheckpointError(
                checkpoint.path, .wrongShape(tensor: "w_dec", expected: [dSAE, dIn], found: shape))
        }
        var decoder = LinearDecoder(bias: try tensors.vector("b_dec", count: dOut))
        if isCrossLayer {
            let view = try tensors.view("w_dec", shape: [dSAE, shape[1], dOut])
            guard view.base != nil else { throw SAECheckpointError(checkpoint.path, .missingTensor("w_dec")) }
            decoder.matrix = SAEMatrix(summing: view).prepared()
        } else {
            decoder.matrix = try tensors.matrix("w_dec", rows: dSAE, columns: dOut)
        }
        if tensors.has("affine_skip_connection") {
            decoder.skip = try tensors.transposed("affine_skip_connection", rows: dOut, columns: dIn)
        }
        let encoder = LinearEncoder(
            matrix: try tensors.transposed("w_enc", rows: dSAE, columns: dIn),
            bias: NeuronFactors(try tensors.vector("b_enc", count: dSAE)))
        let isTranscoder = try isTranscoder(checkpoint) || dIn != dOut
        let architecture: SAEInfo.Architecture =
            if isCrossLayer { .crossLayerTranscoder } else if !isTranscoder { .jumprelu } else if decoder.skip != nil {
                .jumpReLUSkipTranscoder
            } else { .jumpReLUTranscoder }
        var info = checkpoint.info(
            format, architecture, dIn: dIn, dOut: dOut, dSAE: dSAE, dtype: try tensors.dtype("w_enc"),
            hookName: try hookName(checkpoint, isTranscoder), model: try file?.string("model_name"),
            parameters: file?.kept("l0", "width", "type", "affine_connection", "hf_hook_point_out") ?? [:])
        if isCrossLayer { info.parameters["target_layers"] = .int(shape[1]) }
        return JumpReLUSAE(
            core: LinearCore(info: info, input: InputPreparation(), encoder: encoder, decoder: decoder),
            thresholds: try tensors.vector("threshold", count: dSAE))
    }

    private static func isTranscoder(_ checkpoint: Checkpoint) throws -> Bool {
        if let type = try checkpoint.configuration?.string("type") { return type != "sae" }
        return site(checkpoint)?.hasPrefix("transcoder") == true
    }

    private static let sites = ["resid_post", "mlp_out", "attn_out", "transcoder", "clt"]

    private static func site(_ checkpoint: Checkpoint) -> String? {
        for part in checkpoint.absolutePath.split(separator: "/").reversed() {
            if let site = sites.first(where: { part == $0 || part == "\($0)_all" }) { return site }
        }
        return nil
    }

    private static func hookName(_ checkpoint: Checkpoint, _ isTranscoder: Bool) throws -> String? {
        if let name = try checkpoint.configuration?.string("hf_hook_point_in") { return name }
        guard let layer = checkpoint.layer, let site = site(checkpoint) else { return nil }
        return switch site {
        case "resid_post": "model.layers.\(layer).output"
        case "attn_out": "model.layers.\(layer).self_attn.o_proj.input"
        case "mlp_out": "model.layers.\(layer).post_feedforward_layernorm.output"
        default: "model.layers.\(layer).pre_feedforward_layernorm.output"
        }
    }
}

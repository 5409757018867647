import TopsailCore

/// Reads Gemma Scope (Lieberum et al. 2024): `layer_L/width_16k/average_l0_N/params.npz` with `W_enc [d_in, d_sae]`,
/// `W_dec [d_sae, d_out]`, `b_enc`, `b_dec`, `threshold`. JumpReLU without an input bias.
///
/// There is no configuration: the layer is in the folder's name, the site in the repository's.
enum GemmaScopeReader: CheckpointReader {
    static let format = "gemma-scope"

    static func recognises(_ checkpoint: Checkpoint) -> Bool {
        let tensors = checkpoint.tensors
        return checkpoint.configuration == nil && checkpoint.file.hasSuffix(".npz") && tensors.has("threshold")
            && tensors.first("W_enc", "w_enc") != nil && tensors.first("W_dec", "w_dec") != nil
    }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let tensors = checkpoint.tensors
        let encoderName = try tensors.require("W_enc", "w_enc")
        let decoderName = try tensors.require("W_dec", "w_dec")
        let (dIn, dSAE) = try tensors.extents(encoderName)
        let dOut = try tensors.extents(decoderName).columns
        let site = site(checkpoint)
        let isTranscoder = site == .transcoder || dIn != dOut
        var encoder = LinearEncoder(matrix: try tensors.transposed(encoderName, rows: dSAE, columns: dIn))
        encoder.bias = NeuronFactors(try tensors.vector("b_enc", count: dSAE))
        var input = InputPreparation()
        var decoder = LinearDecoder(
            matrix: try tensors.matrix(decoderName, rows: dSAE, columns: dOut),
            bias: try tensors.vector("b_dec", count: dOut))
        if site == .embedding {
            // The weights belong to the bare embedding rows; Gemma multiplies those by √d_model before anyone reads them.
            let root = Float(dIn).squareRoot()
            input.scale = 1 / root
            decoder.scale = NeuronFactors { [Float](repeating: root, count: dSAE) }
        }
        let thresholds = try tensors.vector("threshold", count: dSAE)
        let layer = checkpoint.layer
        let hook: HookPoint? =
            site == .embedding
            ? HookPoint(.residPre, layer: 0)
            : site?.hookSite.flatMap { site in layer.map { HookPoint(site, layer: $0) } }
        var info = checkpoint.info(
            format, isTranscoder ? .jumpReLUTranscoder : .jumprelu, dIn: dIn, dOut: dOut, dSAE: dSAE,
            dtype: try tensors.dtype(encoderName), hook: hook, model: model(checkpoint))
        if let layer, site == .transcoder { info.hookName = "blocks.\(layer).ln2.hook_normalized" }
        if let l0 = PathNumbers.first(#"average_l0_(\d+)"#, in: checkpoint.absolutePath) {
            info.parameters["average_l0"] = .int(l0)
        }
        return JumpReLUSAE(
            core: LinearCore(info: info, input: input, encoder: encoder, decoder: decoder), thresholds: thresholds)
    }

    private enum Site {
        case residual, mlp, attention, transcoder, embedding

        var hookSite: HookSite? {
            switch self {
            case .residual: .residPost
            case .mlp: .mlpOut
            case .attention: .attnZ
            case .transcoder: nil
            case .embedding: .residPre
            }
        }
    }

    private static func site(_ checkpoint: Checkpoint) -> Site? {
        let parts = checkpoint.absolutePath.split(separator: "/")
        if parts.contains("embedding") { return .embedding }
        let repositories = [checkpoint.options.repository].compactMap(\.self) + parts.reversed().map(String.init)
        for name in repositories where name.contains("gemma-scope") {
            if name.hasSuffix("-res") { return .residual }
            if name.hasSuffix("-mlp") { return .mlp }
            if name.hasSuffix("-att") { return .attention }
            if name.hasSuffix("-transcoders") { return .transcoder }
        }
        return nil
    }

    /// `gemma-scope-2b-pt-res` belongs to `google/gemma-2-2b`.
    private static func model(_ checkpoint: Checkpoint) -> String? {
        guard let range = checkpoint.origin.range(of: "gemma-scope-") else { return nil }
        let rest = checkpoint.origin[range.upperBound...].split(separator: "/")[0].split(separator: "-")
        guard let size = rest.first, size.hasSuffix("b") else { return nil }
        return "google/gemma-2-\(size)\(rest.contains("it") ? "-it" : "")"
    }
}

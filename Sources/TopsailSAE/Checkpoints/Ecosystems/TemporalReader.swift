import TopsailCore
import TopsailTensor

/// Reads temporal SAEs as their authors publish them (canrager/temporalSAEs): `conf.yaml` beside
/// `latest_ckpt.safetensors` with `D`, `b`, `E` when untied, and `attn_layers.*`.
enum TemporalReader: CheckpointReader {
    static let format = "temporal-sae"

    static func recognises(_ checkpoint: Checkpoint) -> Bool {
        checkpoint.tensors.has("D", "b") && checkpoint.tensors.names.contains { $0.hasPrefix("attn_layers.") }
    }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let tensors = checkpoint.tensors
        guard let path = checkpoint.sibling("conf.yaml", "config.yaml", "conf.yml") else {
            throw SAECheckpointError(checkpoint.path, .unreadable("there is no conf.yaml beside the weights"))
        }
        let file = try YAMLFile.read(path)
        let settings = try file.object("sae")
        let (dSAE, dIn) = try tensors.extents("D")
        guard let factor = try settings.number("scaling_factor"), factor > 0 else {
            throw SAECheckpointError(path, .missingKey("sae.scaling_factor"))
        }
        var parts = TemporalParts(tensors: tensors, dIn: dIn, dSAE: dSAE)
        parts.decoder = try tensors.matrix("D", rows: dSAE, columns: dIn)
        if tensors.has("E") { parts.encoder = try tensors.transposed("E", rows: dSAE, columns: dIn) }
        parts.bias = try tensors.vector("b", count: dIn)
        parts.scale = Float(factor)
        let layer = checkpoint.layer
        let info = checkpoint.info(
            format, .temporal, dIn: dIn, dOut: dIn, dSAE: dSAE, dtype: try tensors.dtype("D"),
            hook: layer.map { HookPoint(.residPost, layer: $0) },
            parameters: settings.kept(
                "n_heads", "n_attn_layers", "bottleneck_factor", "sae_diff_type", "kval_topk", "tied_weights",
                "scaling_factor"))
        let isTopK = try (settings.string("sae_diff_type") ?? "topk") == "topk"
        return try parts.make(
            info, heads: try settings.size("n_heads"), layers: try settings.int("n_attn_layers") ?? 1,
            k: isTopK ? checkpoint.options.k ?? settings.optionalSize("kval_topk") : nil)
    }
}

/// What both layouts of temporal SAEs hold.
struct TemporalParts {
    let tensors: CheckpointTensors
    let dIn: Int
    let dSAE: Int
    /// `[d_sae, d_in]`.
    var decoder: SAEMatrix?
    /// `[d_sae, d_in]`; the decoder's own when tied.
    var encoder: SAEMatrix?
    var bias: [Float] = []
    var scale: Float = 1
    var normalization = InputNormalization.none
    var appliesBias = true

    func make(_ info: SAEInfo, heads: Int, layers: Int, k: Int?) throws -> TemporalSAE {
        guard let decoder else { throw SAECheckpointError(tensors.archive.path, .missingTensor("W_dec")) }
        guard (0...64).contains(layers) else {
            throw SAECheckpointError(
                tensors.archive.path, .badValue(key: "n_attn_layers", expected: "0 to 64", found: "\(layers)"))
        }
        let writesBias = encoder != nil || appliesBias
        let core = LinearCore(
            info: info,
            input: InputPreparation(
                scale: scale, normalization: normalization, center: appliesBias ? bias : nil),
            encoder: LinearEncoder(matrix: encoder ?? decoder),
            decoder: LinearDecoder(
                matrix: decoder, bias: writesBias ? bias : bias.map { _ in 0 }, outputScale: 1 / scale))
        return TemporalSAE(
            core: core, layers: try (0..<layers).map { try layer($0, heads: heads) }, heads: heads, k: k)
    }

    private func layer(_ index: Int, heads: Int) throws -> TemporalSAE.AttentionLayer {
        let prefix = "attn_layers.\(index)."
        let narrow = try tensors.extents("\(prefix)q_target.weight").rows
        guard heads > 0, narrow % heads == 0, dSAE % heads == 0 else {
            throw SAECheckpointError(
                tensors.archive.path,
                .badValue(key: "n_heads", expected: "a divisor of \(narrow) and \(dSAE)", found: "\(heads)"))
        }
        func linear(_ name: String, _ rows: Int) throws -> TemporalSAE.AttentionLayer.Linear {
            .init(
                matrix: try tensors.matrix("\(prefix)\(name).weight", rows: rows, columns: dSAE),
                bias: try tensors.optionalVector("\(prefix)\(name).bias", count: rows))
        }
        return TemporalSAE.AttentionLayer(
            query: try linear("q_target", narrow), key: try linear("k_ctx", narrow), value: try linear("v_ctx", dSAE),
            output: try linear("c_proj", dSAE))
    }
}

/// Gemma 3, its text part (Gemma Team 2025): Gemma 2 without caps, norms on queries and keys, five local layers to a global one,
/// each kind with a rotary base of its own.
extension ModelFamily {
    static let gemma3 = ModelFamily(
        name: "gemma3_text", otherNames: ["gemma3"], ggufName: "gemma3",
        readHuggingFace: { outer in
            // With vision, the settings of the text lie inside.
            let settings = outer.object("text_config") ?? outer
            // Files with vision leave out what the smallest of them has in common with the defaults.
            var c = try settings.gemmaDecoder(heads: 8, contextLength: 131_072)
            c.family = "gemma3_text"
            c.attention.queryKeyNorm = .perHead
            // A cap on the scores can be set, but transformers does not apply it.
            c.logitSoftCap = try settings.positive("final_logit_softcapping")
            c.rotaries = try settings.gemma3Rotaries(for: c)
            let pattern = try settings.size("sliding_window_pattern", default: 6)
            let local = try settings.applyWindows(to: &c, window: try settings.window(default: 4096)) {
                ($0 + 1) % pattern != 0
            }
            for layer in 0..<c.nLayers where local[layer] { c.layers[layer].rotary = 1 }
            return c
        },
        readGGUF: { settings in
            var c = try settings.gemmaDecoder()
            c.attention.queryKeyNorm = .perHead
            // The 27 B model alone scales by its width, which the file does not say.
            if c.nLayers == 62 { c.attention.scale = 1 / Float(c.dModel / c.nHeads).squareRoot() }
            let global = try settings.rotary(for: c)
            let localBase = try settings.positive("rope.freq_base_swa") ?? 10_000
            c.rotaries = [global, RotarySettings(base: localBase, dimensions: global.dimensions)]
            let pattern = try settings.size("attention.sliding_window_pattern", default: 6)
            guard let window = try settings.window() else { throw settings.missing("attention.sliding_window") }
            for layer in 0..<c.nLayers where (layer + 1) % pattern != 0 {
                c.layers[layer] = LayerSettings(window: window, rotary: 1)
            }
            return c
        },
        huggingFaceNames: .gemmaSandwich.with {
            $0.queryNorm = "self_attn.q_norm"
            $0.keyNorm = "self_attn.k_norm"
        },
        ggufNames: .ggufSandwich.with {
            $0.queryNorm = "attn_q_norm"
            $0.keyNorm = "attn_k_norm"
        },
        tiesEmbeddings: true)
}

extension HuggingFaceSettings {
    /// The global rotary embedding and the local one; scaling is for the global one unless the file says otherwise.
    func gemma3Rotaries(for c: ModelConfiguration) throws -> [RotarySettings] {
        let parameters = object("rope_parameters")
        let full = parameters?.object("full_attention") ?? object("rope_scaling")
        let local = parameters?.object("sliding_attention")
        let globalBase = try full?.positive("rope_theta") ?? positive("rope_theta") ?? 1_000_000
        let localBase = try local?.positive("rope_theta") ?? positive("rope_local_base_freq") ?? 10_000
        return [
            try rotary(full, base: globalBase, dimensions: c.dHead, for: c),
            try rotary(local, base: localBase, dimensions: c.dHead, for: c),
        ]
    }
}

/// Gemma 2 (Gemma Team 2024): norms before and after each sublayer, soft caps, a window on every other layer.
extension ModelFamily {
    static let gemma2 = ModelFamily(
        name: "gemma2", ggufName: "gemma2",
        readHuggingFace: { settings in
            var c = try settings.gemmaDecoder(contextLength: 8192)
            c.attention.softCap =
                settings.mentions("attn_logit_softcapping")
                ? try settings.positive("attn_logit_softcapping") : 50
            c.logitSoftCap =
                settings.mentions("final_logit_softcapping")
                ? try settings.positive("final_logit_softcapping") : 30
            c.rotaries = [try settings.rotary(for: c)]
            try settings.applyWindows(to: &c, window: try settings.window(default: 4096)) { $0 % 2 == 0 }
            return c
        },
        readGGUF: { settings in
            var c = try settings.gemmaDecoder()
            c.attention.softCap = try settings.positive("attn_logit_softcapping")
            c.logitSoftCap = try settings.positive("final_logit_softcapping")
            // The 27 B model alone scales by its width, which the file does not say.
            if c.nLayers == 46 { c.attention.scale = 1 / Float(c.dModel / c.nHeads).squareRoot() }
            c.rotaries = [try settings.rotary(for: c)]
            let window = try settings.window() ?? 4096
            for layer in stride(from: 0, to: c.nLayers, by: 2) { c.layers[layer].window = window }
            return c
        },
        huggingFaceNames: .gemmaSandwich, ggufNames: .ggufSandwich, tiesEmbeddings: true)
}

extension HuggingFaceSettings {
    /// What Gemma 2 and 3 share.
    func gemmaDecoder(heads: Int? = nil, contextLength: Int) throws -> ModelConfiguration {
        var c = try decoder(
            activationKey: "hidden_activation", activation: .geluTanh, heads: heads, keyHeads: 4,
            contextLength: contextLength)
        c.useGemmaHead(self)
        c.attention.scale = 1 / (try number("query_pre_attn_scalar", default: 256)).squareRoot()
        c.embeddingScale = Float(c.dModel).squareRoot()
        c.block.hasPostNorms = true
        try require("use_bidirectional_attention", isAbsentOr: .bool(false))
        return c
    }
}

extension GGUFSettings {
    /// What Gemma 2 and 3 share.
    func gemmaDecoder() throws -> ModelConfiguration {
        var c = try decoder(activation: .geluTanh)
        c.embeddingScale = Float(c.dModel).squareRoot()
        c.block.hasPostNorms = true
        return c
    }
}

extension TensorNames {
    /// Norms on both sides of each sublayer, the inner ones under names of their own.
    static let gemmaSandwich = TensorNames.llama.with {
        $0.attentionPostNorm = "post_attention_layernorm"
        $0.mlpNorm = "pre_feedforward_layernorm"
        $0.mlpPostNorm = "post_feedforward_layernorm"
        $0.normOffset = 1
    }

    /// The same in GGUF files, where norms hold `1 + w`.
    static let ggufSandwich = TensorNames.gguf.with {
        $0.attentionPostNorm = "post_attention_norm"
        $0.mlpPostNorm = "post_ffw_norm"
    }
}

/// OLMo 2 (OLMo Team 2024): norms after each sublayer only, and on all queries and keys together.
extension ModelFamily {
    static let olmo2 = ModelFamily(
        name: "olmo2", ggufName: "olmo2",
        readHuggingFace: { settings in
            var c = try settings.decoder(epsilon: 1e-5)
            c.useOLMo2Norms()
            c.rotaries = [try settings.rotary(for: c)]
            return c
        },
        readGGUF: { settings in
            var c = try settings.decoder()
            c.useOLMo2Norms()
            c.rotaries = [try settings.rotary(for: c)]
            return c
        },
        huggingFaceNames: .llama.with {
            $0.attentionNorm = nil
            $0.queryNorm = "self_attn.q_norm"
            $0.keyNorm = "self_attn.k_norm"
            $0.attentionPostNorm = "post_attention_layernorm"
            $0.mlpNorm = nil
            $0.mlpPostNorm = "post_feedforward_layernorm"
        },
        ggufNames: .ggufSandwich.with {
            $0.attentionNorm = nil
            $0.queryNorm = "attn_q_norm"
            $0.keyNorm = "attn_k_norm"
            $0.mlpNorm = nil
        })
}

extension ModelConfiguration {
    fileprivate mutating func useOLMo2Norms() {
        block.hasPreNorms = false
        block.hasPostNorms = true
        attention.queryKeyNorm = .wholeWidth
    }
}

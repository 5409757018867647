/// Qwen 3, dense (Yang et al. 2025): Qwen 2 without its biases, with a norm on each head's query and key.
extension ModelFamily {
    static let qwen3 = ModelFamily(
        name: "qwen3", ggufName: "qwen3",
        readHuggingFace: { settings in
            var c = try settings.decoder(keyHeads: 32, contextLength: 32768)
            // Absent, the size of a head is not derived from the width.
            if settings.value("head_dim") == nil { c.dHead = 128 }
            c.attention.scale = 1 / Float(c.dHead).squareRoot()
            c.attention.queryKeyNorm = .perHead
            c.rotaries = [try settings.rotary(for: c)]
            try settings.applySwitchedWindow(to: &c)
            return c
        },
        readGGUF: { settings in
            var c = try settings.decoder()
            c.attention.queryKeyNorm = .perHead
            c.rotaries = [try settings.rotary(for: c)]
            return c
        },
        huggingFaceNames: .llama.with {
            $0.queryNorm = "self_attn.q_norm"
            $0.keyNorm = "self_attn.k_norm"
        },
        ggufNames: .gguf.with {
            $0.queryNorm = "attn_q_norm"
            $0.keyNorm = "attn_k_norm"
        })
}

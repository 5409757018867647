/// Phi-3 and Phi-4 (Abdin et al. 2024): Llama with q, k, v in one matrix and gate and up in another; rotary may be partial.
extension ModelFamily {
    static let phi3 = ModelFamily(
        name: "phi3", ggufName: "phi3",
        readHuggingFace: { settings in
            var c = try settings.decoder(epsilon: 1e-5, contextLength: 4096)
            c.rotaries = [try settings.rotary(for: c)]
            let window = try settings.window(default: nil)
            for layer in 0..<c.nLayers { c.layers[layer].window = window }
            return c
        },
        readGGUF: { settings in
            var c = try settings.decoder()
            c.rotaries = [try settings.rotary(for: c)]
            let window = try settings.window()
            for layer in 0..<c.nLayers { c.layers[layer].window = window }
            return c
        },
        huggingFaceNames: .llama.with {
            $0.attention = .fused("self_attn.qkv_proj")
            $0.mlpInput = .gatedFused("mlp.gate_up_proj")
        },
        ggufNames: .gguf.with {
            $0.attention = .fused("attn_qkv")
            $0.mlpInput = .gatedFused("ffn_up")
        })
}

/// GPT-NeoX and Pythia (Black et al. 2022; Biderman et al. 2023): LayerNorm, rotary on the first part of each head, attention and
/// MLP side by side, exact GELU.
extension ModelFamily {
    static let gptNeoX = ModelFamily(
        name: "gpt_neox", ggufName: "gptneox",
        readHuggingFace: { settings in
            var c = try settings.decoder(
                activation: .gelu, norm: .layer, epsilonKey: "layer_norm_eps", epsilon: 1e-5)
            c.mlp.isGated = false
            c.nKVHeads = c.nHeads
            c.block.isParallel = try settings.flag("use_parallel_residual", default: true)
            c.rotaries = [
                try settings.rotary(
                    for: c, baseKeys: ["rope_theta", "rotary_emb_base"],
                    partialKeys: ["partial_rotary_factor", "rotary_pct"], defaultPartial: 0.25)
            ]
            return c
        },
        readGGUF: { settings in
            var c = try settings.decoder(activation: .gelu, isGated: false, norm: .layer)
            c.block.isParallel = try settings.flag("use_parallel_residual", default: true)
            c.rotaries = [try settings.rotary(for: c)]
            return c
        },
        huggingFaceNames: TensorNames(
            prefixes: ["gpt_neox.", ""], layers: "layers", embedding: "embed_in", finalNorm: "final_layer_norm",
            unembedding: ["embed_out", "lm_head"], attentionNorm: "input_layernorm",
            attention: .fusedByHead("attention.query_key_value"), attentionOutput: "attention.dense",
            mlpNorm: "post_attention_layernorm", mlpInput: .plain("mlp.dense_h_to_4h"), mlpOutput: "mlp.dense_4h_to_h",
            ignoredSuffixes: ["attention.bias", "attention.masked_bias", "rotary_emb.inv_freq"]),
        ggufNames: .gguf.with {
            $0.attention = .fused("attn_qkv")
            $0.mlpInput = .plain("ffn_up")
        })
}

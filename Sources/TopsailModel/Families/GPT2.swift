/// GPT-2 (Radford et al. 2019): LayerNorm, learned positions, GELU by tanh, biases everywhere; `Conv1D` weights with inputs first.
extension ModelFamily {
    static let gpt2 = ModelFamily(
        name: "gpt2", ggufName: "gpt2",
        readHuggingFace: { settings in
            try settings.requireAll(["n_embd", "n_layer", "n_head"])
            let dModel = try settings.size("n_embd")
            let nHeads = try settings.size("n_head")
            let nLayers = try settings.size("n_layer", limit: ModelConfiguration.mostLayers)
            guard dModel % nHeads == 0 else { throw settings.unsupported("n_head", .int(nHeads)) }
            try settings.require("add_cross_attention", isAbsentOr: .bool(false))
            var c = ModelConfiguration(
                name: try settings.modelName(), family: "gpt2", dModel: dModel, nLayers: nLayers, nHeads: nHeads,
                nKVHeads: nHeads, dHead: dModel / nHeads, dMLP: try settings.size("n_inner", default: 4 * dModel),
                vocabularySize: try settings.size("vocab_size", default: 0),
                contextLength: try settings.size("n_positions", default: 1024),
                norm: NormSettings(kind: .layer, epsilon: try settings.number("layer_norm_epsilon", default: 1e-5)),
                attention: AttentionSettings(scale: 1 / Float(dModel / nHeads).squareRoot()),
                mlp: MLPSettings(
                    activation: try settings.activation("activation_function", default: .geluTanh), isGated: false),
                layers: Array(repeating: LayerSettings(), count: nLayers))
            if try !settings.flag("scale_attn_weights", default: true) { c.attention.scale = 1 }
            if try settings.flag("scale_attn_by_inverse_layer_idx", default: false) {
                for layer in 0..<nLayers { c.layers[layer].scale = 1 / Float(layer + 1) }
            }
            return c
        },
        readGGUF: { try $0.decoder(activation: .geluTanh, isGated: false, norm: .layer) },
        huggingFaceNames: TensorNames(
            prefixes: ["transformer.", ""], layers: "h", embedding: "wte", positions: "wpe", finalNorm: "ln_f",
            unembedding: ["lm_head"], attentionNorm: "ln_1", attention: .fused("attn.c_attn"),
            attentionOutput: "attn.c_proj", mlpNorm: "ln_2", mlpInput: .plain("mlp.c_fc"), mlpOutput: "mlp.c_proj",
            order: .inputsFirst, ignoredSuffixes: ["attn.bias", "attn.masked_bias"]),
        ggufNames: .gguf.with {
            $0.positions = "position_embd"
            $0.attention = .fused("attn_qkv")
            $0.mlpInput = .plain("ffn_up")
        },
        tiesEmbeddings: true)
}

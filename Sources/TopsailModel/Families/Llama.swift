/// Llama 1 to 3 and SmolLM (Touvron et al. 2023; Grattafiori et al. 2024): RMSNorm, rotary, grouped queries, SiLU gate.
extension ModelFamily {
    static let llama = ModelFamily(
        name: "llama", ggufName: "llama",
        readHuggingFace: { settings in
            var c = try settings.decoder()
            c.rotaries = [try settings.rotary(for: c)]
            return c
        },
        readGGUF: { settings in
            var c = try settings.decoder()
            // Files of this architecture store the rows of q and k so that neighbours turn together.
            c.rotaries = [try settings.rotary(for: c, pairing: .neighbours)]
            // Mistral's files are of this architecture too.
            if let window = try settings.window() {
                for layer in 0..<c.nLayers { c.layers[layer].window = window }
            }
            return c
        },
        huggingFaceNames: .llama, ggufNames: .gguf)
}

/// Gemma 1 (Gemma Team 2024): embeddings times √d_model, norms by `1 + w`, a GELU gate, tied embeddings.
extension ModelFamily {
    static let gemma = ModelFamily(
        name: "gemma", ggufName: "gemma",
        readHuggingFace: { settings in
            var c = try settings.decoder(activation: .geluTanh, keyHeads: 16, contextLength: 8192)
            // Early releases say "gelu" and mean the approximation by tanh.
            if c.mlp.activation == .gelu { c.mlp.activation = .geluTanh }
            c.useGemmaHead(settings)
            c.embeddingScale = Float(c.dModel).squareRoot()
            c.rotaries = [try settings.rotary(for: c)]
            return c
        },
        readGGUF: { settings in
            var c = try settings.decoder(activation: .geluTanh)
            c.embeddingScale = Float(c.dModel).squareRoot()
            c.rotaries = [try settings.rotary(for: c)]
            return c
        },
        huggingFaceNames: .llama.with { $0.normOffset = 1 }, ggufNames: .gguf, tiesEmbeddings: true)
}

extension ModelConfiguration {
    /// Gemma's heads are 256 wide when `config.json` does not say.
    mutating func useGemmaHead(_ settings: HuggingFaceSettings) {
        if settings.value("head_dim") == nil { dHead = 256 }
        attention.scale = 1 / Float(dHead).squareRoot()
    }
}

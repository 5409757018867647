/// Mistral (Jiang et al. 2023): Llama with a sliding window on every layer, where the file gives one.
extension ModelFamily {
    static let mistral = ModelFamily(
        name: "mistral", ggufName: "mistral",
        readHuggingFace: { settings in
            var c = try settings.decoder(keyHeads: 8, contextLength: 131_072)
            c.rotaries = [try settings.rotary(for: c)]
            // A list of layer types changes nothing here: transformers has another model type for layers that differ.
            let window = try settings.window(default: 4096)
            for layer in 0..<c.nLayers { c.layers[layer].window = window }
            return c
        },
        readGGUF: ModelFamily.llama.readGGUF, huggingFaceNames: .llama, ggufNames: .gguf)
}

/// Mistral (Jiang et al. 2023): Llama with a sliding window on every layer, where the file gives one.
extension ModelFamily {
    static let mistral = ModelFamily(
        name: "mistral", ggufName: "mistral",
        readHuggingFace: { settings in
            var c = try settings.decoder()
            c.rotaries = [try settings.rotary(for: c)]
            let window = try settings.window(default: 4096)
            try settings.applyWindows(to: &c, window: window) { _ in window != nil }
            return c
        },
        readGGUF: ModelFamily.llama.readGGUF, huggingFaceNames: .llama, ggufNames: .gguf)
}

/// Qwen 2 and 2.5 (Yang et al. 2024): Llama with biases on q, k and v; a window on the upper layers where it is switched on.
extension ModelFamily {
    static let qwen2 = ModelFamily(
        name: "qwen2", ggufName: "qwen2",
        readHuggingFace: { settings in
            var c = try settings.decoder(keyHeads: 32, contextLength: 32768)
            c.rotaries = [try settings.rotary(for: c)]
            try settings.applySwitchedWindow(to: &c)
            return c
        },
        readGGUF: { settings in
            var c = try settings.decoder()
            c.rotaries = [try settings.rotary(for: c)]
            return c
        },
        huggingFaceNames: .llama, ggufNames: .gguf)
}

extension HuggingFaceSettings {
    /// Qwen's window: off unless `use_sliding_window`, then on layers from `max_window_layers` up.
    func applySwitchedWindow(to c: inout ModelConfiguration) throws {
        guard try flag("use_sliding_window", default: false) else { return }
        let first = value("max_window_layers") == .int(0) ? 0 : try size("max_window_layers", default: 28)
        let window = try window(default: 4096)
        try applyWindows(to: &c, window: window) { window != nil && $0 >= first }
    }
}

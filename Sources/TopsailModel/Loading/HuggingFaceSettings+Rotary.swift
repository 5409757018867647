import Foundation

/// Rotary settings in `config.json`: `rope_parameters` of transformers 5, or `rope_theta` with `rope_scaling` of transformers 4.
extension HuggingFaceSettings {
    /// The one rotary embedding of a model.
    func rotary(
        for c: ModelConfiguration, defaultBase: Float = 10_000, baseKeys: [String] = ["rope_theta"],
        partialKeys: [String] = ["partial_rotary_factor"], defaultPartial: Float = 1
    ) throws -> RotarySettings {
        let parameters = object("rope_parameters") ?? object("rope_scaling")
        let base = try first(baseKeys, in: parameters) ?? defaultBase
        let share = try first(partialKeys, in: parameters) ?? defaultPartial
        guard share <= 1 else { throw unsupported(partialKeys[0], .number(Double(share))) }
        return try rotary(parameters, base: base, dimensions: Int(Float(c.dHead) * share), for: c)
    }

    /// A rotary embedding from an object of parameters, which may be absent.
    func rotary(
        _ parameters: HuggingFaceSettings?, base: Float, dimensions: Int, for c: ModelConfiguration
    ) throws -> RotarySettings {
        guard dimensions > 0, (dimensions + 1) / 2 * 2 <= c.dHead, base > 1 else {
            throw ModelError.unsupportedSetting(
                path: path, key: fullName("rope_theta"), found: "\(base) for \(dimensions) of \(c.dHead) dimensions")
        }
        var settings = RotarySettings(base: base, dimensions: dimensions)
        if let parameters { settings.scaling = try scaling(parameters, pairs: settings.pairs, for: c) }
        return settings
    }

    /// The first of several keys that is set, looked for in the parameters, then at the top.
    private func first(_ keys: [String], in parameters: HuggingFaceSettings?) throws -> Float? {
        for key in ["rope_theta", "partial_rotary_factor"] where keys.contains(key) {
            if let value = try parameters?.positive(key) { return value }
        }
        for key in keys {
            if let value = try positive(key) { return value }
        }
        return nil
    }

    private func scaling(
        _ p: HuggingFaceSettings, pairs: Int, for c: ModelConfiguration
    ) throws -> RopeScaling {
        let key = p.value("rope_type") == nil ? "type" : "rope_type"
        let original = try originalLength(p, for: c)
        switch try p.text(key) {
        case nil, "default": return .none
        case "linear": return .linear(factor: try p.factor())
        case "dynamic": return .dynamic(factor: try p.factor(), originalLength: c.contextLength)
        case "llama3":
            return .llama3(
                factor: try p.factor(), lowFactor: try p.number("low_freq_factor"),
                highFactor: try p.number("high_freq_factor"), originalLength: original)
        case "yarn" where c.family != "phi3": return .yarn(try p.yarn(originalLength: original, for: c))
        case "longrope", "su", "yarn": return try p.longRope(pairs: pairs, originalLength: original, for: c)
        case let other?: throw p.unsupported(key, .text(other))
        }
    }

    private func originalLength(_ p: HuggingFaceSettings, for c: ModelConfiguration) throws -> Int {
        let key = "original_max_position_embeddings"
        if value(key) != nil { return try size(key) }
        return try p.size(key, default: c.contextLength)
    }

    private func factor() throws -> Float {
        guard let factor = try positive("factor") else { throw missing("factor") }
        return factor
    }

    private func yarn(originalLength: Int, for c: ModelConfiguration) throws -> RopeScaling.YaRN {
        let factor = try positive("factor") ?? Float(c.contextLength) / Float(originalLength)
        /// The paper's temperature, as a factor on sines and cosines.
        func temperature(_ weight: Float) -> Float { factor <= 1 ? 1 : 0.1 * weight * log(factor) + 1 }
        var attention = temperature(1)
        if let mscale = try positive("mscale"), let all = try positive("mscale_all_dim") {
            attention = temperature(mscale) / temperature(all)
        }
        return RopeScaling.YaRN(
            factor: factor, originalLength: originalLength, betaFast: try positive("beta_fast") ?? 32,
            betaSlow: try positive("beta_slow") ?? 1, attentionFactor: try positive("attention_factor") ?? attention,
            truncates: try flag("truncate", default: true))
    }

    private func longRope(
        pairs: Int, originalLength: Int, for c: ModelConfiguration
    ) throws -> RopeScaling {
        let factor = try positive("factor") ?? Float(c.contextLength) / Float(originalLength)
        let usual = factor <= 1 ? 1 : (1 + log(factor) / log(Float(originalLength))).squareRoot()
        return .longRope(
            short: try divisors("short_factor", count: pairs), long: try divisors("long_factor", count: pairs),
            originalLength: originalLength, attentionFactor: try positive("attention_factor") ?? usual)
    }
}

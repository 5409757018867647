import Foundation

/// What GGUF metadata says alike for all architectures.
extension GGUFSettings {
    func decoder(
        activation: MLPSettings.Activation = .silu, isGated: Bool = true, norm: NormSettings.Kind = .rms
    ) throws -> ModelConfiguration {
        let dModel = try size("embedding_length")
        let nHeads = try size("attention.head_count")
        let nLayers = try size("block_count", limit: ModelConfiguration.mostLayers)
        guard value("attention.key_length") != nil || dModel % nHeads == 0 else {
            throw unsupported("attention.head_count", .text("\(nHeads) for a width of \(dModel)"))
        }
        let dHead = try size("attention.key_length", default: dModel / nHeads)
        let epsilonKey = norm == .rms ? "attention.layer_norm_rms_epsilon" : "attention.layer_norm_epsilon"
        try require("attention.value_length", isAbsentOr: .int(dHead))
        try require("expert_count", isAbsentOr: .int(0))
        return ModelConfiguration(
            name: metadata.string("general.name") ?? architecture, family: architecture, dModel: dModel,
            nLayers: nLayers, nHeads: nHeads, nKVHeads: try keyHeads(nHeads: nHeads, nLayers: nLayers), dHead: dHead,
            dMLP: try size("feed_forward_length"), vocabularySize: 0,
            contextLength: try size("context_length", default: 2048),
            norm: NormSettings(kind: norm, epsilon: try number(epsilonKey)),
            attention: AttentionSettings(scale: 1 / Float(dHead).squareRoot()),
            mlp: MLPSettings(activation: activation, isGated: isGated),
            layers: Array(repeating: LayerSettings(), count: nLayers))
    }

    /// One number, or one a layer, which must then be the same.
    private func keyHeads(nHeads: Int, nLayers: Int) throws -> Int {
        let key = "attention.head_count_kv"
        guard case .numbers(let counts)? = value(key) else { return try size(key, default: nHeads) }
        guard let first = counts.first.flatMap({ Int(exactly: $0) }), (1...nHeads).contains(first),
            counts.count == nLayers, counts.allSatisfy({ $0 == counts[0] })
        else { throw unsupported(key, .numbers(counts)) }
        return first
    }

    /// The rotary embedding; a tensor of divisors, where a file has one, is joined in later.
    func rotary(for c: ModelConfiguration, pairing: RotarySettings.Pairing = .halves) throws -> RotarySettings {
        let dimensions = try size("rope.dimension_count", default: c.dHead)
        guard dimensions % 2 == 0, dimensions <= c.dHead else {
            throw unsupported("rope.dimension_count", .int(dimensions))
        }
        var settings = RotarySettings(
            base: try positive("rope.freq_base") ?? 10_000, dimensions: dimensions, pairing: pairing)
        settings.scaling = try scaling(for: c)
        return settings
    }

    private func scaling(for c: ModelConfiguration) throws -> RopeScaling {
        let key = "rope.scaling.type"
        let factor = try positive("rope.scaling.factor") ?? 1
        switch try text(key) {
        // The factors of long-rope files lie in tensors.
        case nil, "none", "longrope": return .none
        case "linear": return .linear(factor: factor)
        case "yarn":
            let original = try size("rope.scaling.original_context_length", default: c.contextLength)
            let usual = factor <= 1 ? 1 : 0.1 * log(factor) + 1
            return .yarn(
                RopeScaling.YaRN(
                    factor: factor, originalLength: original,
                    attentionFactor: try positive("rope.scaling.attn_factor") ?? usual))
        case let other?: throw unsupported(key, .text(other))
        }
    }

    /// `attention.sliding_window`, where it is above 0.
    func window() throws -> Int? {
        guard let value = value("attention.sliding_window"), value != .int(0) else { return nil }
        return try size("attention.sliding_window")
    }
}

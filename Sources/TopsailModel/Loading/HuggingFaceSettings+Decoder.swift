/// What the families' `config.json` files have in common. Keys: transformers' configuration classes, versions 4 and 5.
extension HuggingFaceSettings {
    /// A decoder with sizes, activation and plain rotary attention as the file says; families change the rest.
    ///
    /// - Parameters:
    ///   - activationKey: The key that names the MLP's activation.
    ///   - activation: What it is when the file does not say.
    ///   - heads: Query heads where the file may leave them out.
    ///   - keyHeads: Key heads when the file does not say; as many as query heads when `nil`, or null in the file.
    func decoder(
        activationKey: String = "hidden_act", activation: MLPSettings.Activation = .silu,
        norm: NormSettings.Kind = .rms, epsilonKey: String = "rms_norm_eps", epsilon: Float = 1e-6,
        heads: Int? = nil, keyHeads: Int? = nil, contextLength: Int = 2048
    ) throws -> ModelConfiguration {
        try requireAll(
            ["hidden_size", "num_hidden_layers", "intermediate_size"] + (heads == nil ? ["num_attention_heads"] : []))
        let nHeads = try size("num_attention_heads", default: heads)
        let dModel = try size("hidden_size")
        let nLayers = try size("num_hidden_layers", limit: ModelConfiguration.mostLayers)
        let dHead = try headSize(dModel: dModel, nHeads: nHeads)
        return ModelConfiguration(
            name: try modelName(), family: try text("model_type") ?? "", dModel: dModel, nLayers: nLayers,
            nHeads: nHeads, nKVHeads: try countKeyHeads(default: keyHeads, nHeads: nHeads), dHead: dHead,
            dMLP: try size("intermediate_size"), vocabularySize: try size("vocab_size", default: 0),
            contextLength: try size("max_position_embeddings", default: contextLength),
            norm: NormSettings(kind: norm, epsilon: try number(epsilonKey, default: epsilon)),
            attention: AttentionSettings(scale: 1 / Float(dHead).squareRoot()),
            mlp: MLPSettings(activation: try self.activation(activationKey, default: activation), isGated: true),
            layers: Array(repeating: LayerSettings(), count: nLayers))
    }

    private func countKeyHeads(default fallback: Int?, nHeads: Int) throws -> Int {
        let key = "num_key_value_heads"
        return try size(key, default: mentions(key) ? nHeads : fallback ?? nHeads)
    }

    private func headSize(dModel: Int, nHeads: Int) throws -> Int {
        if value("head_dim") != nil { return try size("head_dim") }
        guard dModel % nHeads == 0 else {
            throw ModelError.unsupportedSetting(
                path: path, key: fullName("num_attention_heads"), found: "\(nHeads) for a width of \(dModel)")
        }
        return dModel / nHeads
    }

    /// `_name_or_path` where it names a model, else the folder's name.
    func modelName() throws -> String {
        let folder = path.split(separator: "/").dropLast().last.map(String.init) ?? "model"
        guard let named = try text("_name_or_path"), let last = named.split(separator: "/").last else { return folder }
        return String(last)
    }

    /// The activation by the names that transformers has for it.
    func activation(_ key: String, default fallback: MLPSettings.Activation) throws -> MLPSettings.Activation {
        guard let name = try text(key) else { return fallback }
        switch name {
        case "silu", "swish": return .silu
        case "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu_python_tanh": return .geluTanh
        case "gelu", "gelu_python": return .gelu
        case "relu": return .relu
        default: throw unsupported(key, .text(name))
        }
    }

    /// Sets windows from `layer_types` where the file has them, else by `isLocal`.
    ///
    /// - Parameters:
    ///   - window: Tokens that a local layer sees; `nil` leaves every layer global.
    ///   - isLocal: Whether a layer is local when the file lists no types.
    /// - Returns: Which layers are local.
    @discardableResult
    func applyWindows(
        to c: inout ModelConfiguration, window: Int?, isLocal: (Int) -> Bool
    ) throws -> [Bool] {
        let types = try texts("layer_types", count: c.nLayers)
        let local = try (0..<c.nLayers).map { layer in
            switch types?[layer] {
            case nil: isLocal(layer)
            case "sliding_attention": true
            case "full_attention": false
            case let other?: throw unsupported("layer_types[\(layer)]", .text(other))
            }
        }
        for layer in 0..<c.nLayers where local[layer] { c.layers[layer].window = window }
        return local
    }

    /// `sliding_window`: the value given, `nil` when it is null, and the default when the key is absent.
    func window(default fallback: Int?) throws -> Int? {
        guard mentions("sliding_window") else { return fallback }
        return value("sliding_window") == nil ? nil : try size("sliding_window")
    }
}

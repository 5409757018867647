import TopsailCore

/// What SAELens' `cfg.json` says, of any version from 3 to 6.
///
/// Rules: SAELens 6.54, `loading/pretrained_sae_loaders.py` (`handle_pre_6_0_config`).
struct SAELensConfiguration {
    var architecture: SAEInfo.Architecture
    var dIn: Int
    var dSAE: Int
    /// Active neurons a token; `nil` unless the architecture is TopK.
    var k: Int?
    var normalization: InputNormalization
    var appliesDecoderBiasToInput: Bool
    var rescalesByDecoderNorm: Bool
    /// The factor of `expected_average_only_in` and the like is not in the checkpoint; it may be folded when it is known.
    var expectsAverageNorm: Bool
    var hookName: String?
    var modelName: String?
    /// What defines it, in the file's spelling.
    var parameters: [String: ConfigurationValue] = [:]

    init(_ file: ConfigurationFile) throws {
        let metadata = try file.object("metadata")
        dIn = try file.size("d_in")
        dSAE = try file.size("d_sae")
        architecture = try Self.architecture(file)
        k = architecture == .topk ? try Self.k(file) : nil
        (normalization, expectsAverageNorm) = try Self.normalization(file)
        appliesDecoderBiasToInput = try file.bool("apply_b_dec_to_input") ?? true
        rescalesByDecoderNorm = try architecture == .topk && file.bool("rescale_acts_by_decoder_norm") ?? false
        hookName = try metadata.string("hook_name") ?? file.string("hook_name") ?? file.string("hook_point")
        modelName = try metadata.string("model_name") ?? file.string("model_name")

        let kept = [
            "normalize_activations", "apply_b_dec_to_input", "rescale_acts_by_decoder_norm", "reshape_activations",
        ]
        for key in kept { parameters[key] = file[key] }
        parameters["k"] = k.map(ConfigurationValue.int)
        if let hookName { parameters["hook_name"] = .string(hookName) }
        parameters["training_architecture"] = metadata["training_architecture"]
    }

    private static func architecture(_ file: ConfigurationFile) throws -> SAEInfo.Architecture {
        let name = try file.string("architecture") ?? "standard"
        guard let architecture = SAEInfo.Architecture(rawValue: name) else {
            throw SAECheckpointError(file.path, .unsupported("architecture \"\(name)\""))
        }
        guard architecture == .standard, let activation = file.first("activation_fn_str", "activation_fn") else {
            return architecture
        }
        // Versions 3 to 5 name the activation function apart from the architecture, and it decides.
        switch activation {
        case .string("relu"): return .standard
        case .string("topk"): return .topk
        case .string(let other): throw SAECheckpointError(file.path, .unsupported("activation_fn_str \"\(other)\""))
        case let found: throw file.bad("activation_fn_str", expected: "a string", found: found)
        }
    }

    private static func k(_ file: ConfigurationFile) throws -> Int {
        if file["k"] != nil { return try file.size("k") }
        let arguments = try file.object("activation_fn_kwargs")
        guard arguments["k"] != nil else { throw SAECheckpointError(file.path, .missingKey("k")) }
        return try arguments.size("k")
    }

    private static func normalization(_ file: ConfigurationFile) throws -> (InputNormalization, average: Bool) {
        let key = "normalize_activations"
        switch file[key] {
        case nil, .bool(false), .string("none"): return (.none, false)
        // Whitening, like the average norm, is folded into the weights before saving and does nothing at run time.
        case .string("covariance_whitening"): return (.none, false)
        case .bool(true), .string("expected_average_only_in"): return (.none, true)
        case .string(let name):
            guard let normalization = InputNormalization(rawValue: name) else {
                throw SAECheckpointError(file.path, .unsupported("\(key) \"\(name)\""))
            }
            return (normalization, false)
        case let found?: throw file.bad(key, expected: "a string", found: found)
        }
    }
}

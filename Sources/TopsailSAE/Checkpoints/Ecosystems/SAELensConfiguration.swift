import TopsailCore

/// What SAELens' `cfg.json` says, of any version from 3 to 6.
///
/// Rules: SAELens 6.54, `loading/pretrained_sae_loaders.py` (`handle_pre_6_0_config`).
struct SAELensConfiguration {
    let file: ConfigurationFile
    var architecture: SAEInfo.Architecture
    var dIn: Int
    var dOut: Int
    /// `nil` where the tensors say it.
    var dSAE: Int?
    var normalization: InputNormalization
    /// One factor on the way in, its inverse on the way out.
    var scale: Float = 1
    var appliesDecoderBiasToInput: Bool
    var rescalesByDecoderNorm: Bool
    /// The factor of `expected_average_only_in` and the like is not in the checkpoint; it may be folded when it is known.
    var expectsAverageNorm: Bool
    var hookName: String?
    /// The hook points of one SAE that several layers share.
    var hookNames: [String] = []
    var modelName: String?
    /// What defines it, in the file's spelling.
    var parameters: [String: ConfigurationValue] = [:]

    /// Whether a configuration looks like one of SAELens.
    static func recognises(_ file: ConfigurationFile) -> Bool {
        (file["d_in"] != nil || file["d_sae"] != nil) && file["trainer"] == nil
    }

    init(_ file: ConfigurationFile) throws {
        self.file = file
        let metadata = try file.object("metadata")
        dIn = try file.size("d_in")
        dOut = try file.optionalSize("d_out") ?? dIn
        dSAE = try file.size("d_sae")
        architecture = try Self.architecture(file)
        (normalization, expectsAverageNorm, scale) = try Self.normalization(file, architecture)
        let applies = try file.bool("apply_b_dec_to_input") ?? true
        appliesDecoderBiasToInput = applies && !architecture.isTranscoder
        rescalesByDecoderNorm =
            try [.topk, .abstopk].contains(architecture) && file.bool("rescale_acts_by_decoder_norm") ?? false
        hookName = try metadata.string("hook_name") ?? file.string("hook_name") ?? file.string("hook_point")
        modelName = try metadata.string("model_name") ?? file.string("model_name")
        if case .list(let names)? = metadata["hook_names"] ?? file["hook_names"] {
            hookNames = names.compactMap { if case .string(let name) = $0 { name } else { nil } }
        }
        collectParameters(metadata)
    }

    private mutating func collectParameters(_ metadata: ConfigurationFile) {
        parameters = file.kept(
            "normalize_activations", "apply_b_dec_to_input", "rescale_acts_by_decoder_norm", "reshape_activations",
            "residual_threshold", "max_iterations", "stop_on_duplicate_support", "n_heads", "n_attn_layers",
            "bottleneck_factor", "sae_diff_type", "kval_topk", "tied_weights", "activation_normalization_factor",
            "base_factors", "extension_factors", "share", "min_k", "max_k")
        for key in ["training_architecture", "hook_name_out", "hook_head_index", "hf_hook_name", "prepend_bos"] {
            if let value = metadata[key] { parameters[key] = value }
        }
        if let details = try? metadata.object("training_architecture_details") {
            for key in ["matryoshka_widths", "k"] {
                if let value = details[key] { parameters["training_\(key)"] = value }
            }
            if let widths = details["matryoshka_widths"] { parameters["matryoshka_widths"] = widths }
        }
        if let hookName { parameters["hook_name"] = .string(hookName) }
        if !hookNames.isEmpty { parameters["hook_names"] = .list(hookNames.map(ConfigurationValue.string)) }
    }

    private static func architecture(_ file: ConfigurationFile) throws -> SAEInfo.Architecture {
        let name = try file.string("architecture") ?? "standard"
        guard let architecture = SAEInfo.Architecture(rawValue: name), readable.contains(architecture) else {
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

    /// Those of SAELens, then those for which this layout is our own.
    private static let readable: Set<SAEInfo.Architecture> = [
        .standard, .gated, .topk, .abstopk, .jumprelu, .transcoder, .skipTranscoder, .jumpReLUTranscoder,
        .jumpReLUSkipTranscoder, .temporal, .matchingPursuit, .batchtopk, .matryoshka, .hierarchicalTopK, .kron,
        .mutualChoice, .featureChoice, .variational, .adaptiveK, .groupmax,
    ]

    private static func normalization(
        _ file: ConfigurationFile, _ architecture: SAEInfo.Architecture
    ) throws -> (InputNormalization, average: Bool, scale: Float) {
        let key = "normalize_activations"
        switch file[key] {
        case nil, .bool(false), .string("none"): return (.none, false, 1)
        // Whitening, like the average norm, is folded into the weights before saving and does nothing at run time.
        case .string("covariance_whitening"): return (.none, false, 1)
        case .bool(true), .string("expected_average_only_in"): return (.none, true, 1)
        case .string("constant_scalar_rescale") where architecture == .temporal:
            return (.none, false, Float(try file.number("activation_normalization_factor") ?? 1))
        case .string(let name):
            guard let normalization = InputNormalization(rawValue: name) else {
                throw SAECheckpointError(file.path, .unsupported("\(key) \"\(name)\""))
            }
            return (normalization, false, 1)
        case let found?: throw file.bad(key, expected: "a string", found: found)
        }
    }

    /// Active neurons a token: said by the caller, at the top, or among the activation function's arguments.
    func k(_ options: CheckpointOptions) throws -> Int {
        if let k = options.k { return k }
        if file["k"] != nil { return try file.size("k") }
        let arguments = try file.object("activation_fn_kwargs")
        guard arguments["k"] != nil else { throw SAECheckpointError(file.path, .missingKey("k")) }
        return try arguments.size("k")
    }
}

extension SAEInfo.Architecture {
    /// Whether it writes elsewhere than it reads, so that its `b_dec` belongs to the output alone.
    var isTranscoder: Bool {
        switch self {
        case .transcoder, .skipTranscoder, .jumpReLUTranscoder, .jumpReLUSkipTranscoder, .crossLayerTranscoder: true
        default: false
        }
    }

    var hasSkip: Bool { self == .skipTranscoder || self == .jumpReLUSkipTranscoder }
}

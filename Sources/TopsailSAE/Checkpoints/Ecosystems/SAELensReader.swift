import Foundation
import TopsailCore
import TopsailTensor

/// Reads SAELens folders: `cfg.json` beside `sae_weights.safetensors`.
///
/// `W_enc [d_in, d_sae]`, `W_dec [d_sae, d_out]`, `b_enc`, `b_dec`, and what the architecture adds. Research architectures
/// without a public layout are kept in this one, with an `architecture` of ours; Docs/CHECKPOINTS.md has their tensors.
enum SAELensReader: CheckpointReader {
    static let format = "saelens"
    static let configurationName = "cfg.json"
    static let weightsName = "sae_weights.safetensors"

    static func recognises(_ checkpoint: Checkpoint) -> Bool {
        guard let file = checkpoint.configuration, SAELensConfiguration.recognises(file) else { return false }
        // A weight may be missing, which is for the reader to say.
        return checkpoint.tensors.has("W_dec") || checkpoint.tensors.has("W_enc")
    }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let configuration = try SAELensConfiguration(checkpoint.requireConfiguration())
        var reading = SAELensReading(checkpoint, configuration)
        return try reading.read()
    }
}

/// One SAELens folder as it is read.
struct SAELensReading {
    let checkpoint: Checkpoint
    let configuration: SAELensConfiguration
    let tensors: CheckpointTensors
    var info: SAEInfo
    private let dIn: Int
    private let dOut: Int
    private let dSAE: Int

    init(_ checkpoint: Checkpoint, _ configuration: SAELensConfiguration) {
        self.checkpoint = checkpoint
        self.configuration = configuration
        tensors = checkpoint.tensors
        (dIn, dOut, dSAE) = (configuration.dIn, configuration.dOut, configuration.dSAE ?? 0)
        info = checkpoint.info(
            SAELensReader.format, configuration.architecture, dIn: dIn, dOut: dOut, dSAE: dSAE, dtype: .f32,
            hookName: configuration.hookName, model: configuration.modelName, parameters: configuration.parameters)
        chooseLayer()
    }

    /// One SAE shared by a group of layers reads where the caller says.
    private mutating func chooseLayer() {
        guard configuration.hookNames.count > 1 else { return }
        let hooks = configuration.hookNames.map { HookNames.hook($0, model: configuration.modelName) }
        let layers = hooks.compactMap { $0?.layer }
        info.parameters["layers"] = .list(layers.map(ConfigurationValue.int))
        info.hook = hooks.compactMap(\.self).first { $0.layer == checkpoint.options.layer }
        info.layer = info.hook?.layer
    }

    mutating func read() throws -> any SparseAutoencoder {
        info.dtype = try tensors.dtype(configuration.architecture == .matchingPursuit ? "W_dec" : firstWeight)
        switch configuration.architecture {
        case .matchingPursuit: return try matchingPursuit()
        case .temporal: return try temporal()
        case .kron: return try kron()
        case .gated: return try gated()
        default: return try plain()
        }
    }

    private var firstWeight: String { tensors.has("W_enc") ? "W_enc" : "W_dec" }
}

// MARK: Architectures

extension SAELensReading {
    private mutating func plain() throws -> any SparseAutoencoder {
        let architecture = configuration.architecture
        var core = try core()
        switch architecture {
        case .topk, .abstopk, .hierarchicalTopK, .mutualChoice, .groupmax:
            let largest = try architecture == .hierarchicalTopK ? configuration.file.size("k") : nil
            let k = try configuration.k(checkpoint.options)
            core.info.parameters["k"] = .int(k)
            return try make(core, k: k, largest: largest)
        case .jumprelu, .jumpReLUTranscoder, .jumpReLUSkipTranscoder:
            return JumpReLUSAE(core: core, thresholds: try thresholds())
        case .batchtopk, .matryoshka:
            if tensors.has("threshold") { return JumpReLUSAE(core: core, thresholds: try thresholds()) }
            let k = try configuration.k(checkpoint.options)
            core.info.parameters["k"] = .int(k)
            return BatchTopKSAE(core: core, k: k)
        case .featureChoice:
            guard let share = try configuration.file.number("share"), share > 0, share <= 1 else {
                throw SAECheckpointError(configuration.file.path, .missingKey("share"))
            }
            return FeatureChoiceSAE(core: core, share: share)
        case .variational: return VariationalSAE(core: core, k: try configuration.file.optionalSize("k"))
        case .adaptiveK: return try adaptiveK(core)
        default: return StandardSAE(core: core)
        }
    }

    private func make(_ core: LinearCore, k: Int, largest: Int?) throws -> any SparseAutoencoder {
        switch configuration.architecture {
        case .abstopk: return AbsTopKSAE(core: core, k: k)
        case .mutualChoice: return BatchTopKSAE(core: core, k: k)
        case .hierarchicalTopK:
            guard k <= largest ?? k else {
                throw SAECheckpointError(
                    checkpoint.path,
                    .badValue(key: "option k", expected: "at most \(largest ?? k)", found: "\(k)"))
            }
            var core = core
            core.info.parameters["largest_k"] = largest.map(ConfigurationValue.int)
            return HierarchicalTopKSAE(core: core, k: k, largestK: largest ?? k)
        case .groupmax:
            guard dSAE % k == 0 else {
                throw SAECheckpointError(
                    configuration.file.path,
                    .badValue(key: "k", expected: "a divisor of d_sae \(dSAE)", found: "\(k)"))
            }
            return GroupMaxSAE(core: core, k: k)
        default: return TopKSAE(core: core, k: k)
        }
    }

    private func adaptiveK(_ core: LinearCore) throws -> AdaptiveKSAE {
        let range = try AdaptiveKReader.range(configuration.file)
        return AdaptiveKSAE(
            core: core, probe: try tensors.vector("probe_weight", count: dIn),
            probeBias: try tensors.scalar("probe_bias"), range: range)
    }

    private func gated() throws -> GatedSAE {
        var core = try core(hasEncoderBias: false)
        core.encoder.bias = nil
        return GatedSAE(
            core: core, gateBias: try tensors.vector("b_gate", count: dSAE),
            magnitudeBias: try tensors.vector("b_mag", count: dSAE),
            logMagnitudeScale: try tensors.vector("r_mag", count: dSAE))
    }

    private func matchingPursuit() throws -> MatchingPursuitSAE {
        let file = configuration.file
        let matrix = try tensors.matrix("W_dec", rows: dSAE, columns: dIn)
        var bias = try tensors.vector("b_dec", count: dIn)
        var residual = Float(try file.number("residual_threshold") ?? 1e-2)
        if configuration.expectsAverageNorm, let factor = checkpoint.options.normScalingFactor {
            // Encoder and decoder are one matrix, so that only what is in the input's units moves (SAELens does the same).
            for i in bias.indices { bias[i] /= factor }
            residual /= factor
        }
        let applies = configuration.appliesDecoderBiasToInput
        let core = LinearCore(
            info: info,
            input: InputPreparation(normalization: configuration.normalization, center: applies ? bias : nil),
            encoder: LinearEncoder(matrix: matrix),
            decoder: LinearDecoder(matrix: matrix, bias: applies ? bias : bias.map { _ in 0 }))
        return MatchingPursuitSAE(
            core: core,
            limits: .init(
                iterations: try file.optionalSize("max_iterations") ?? dIn, residual: residual,
                stopsOnDuplicateSupport: try file.bool("stop_on_duplicate_support") ?? true))
    }

    private func temporal() throws -> TemporalSAE {
        let file = configuration.file
        let isTied = try file.bool("tied_weights") ?? true
        var parts = TemporalParts(tensors: tensors, dIn: dIn, dSAE: dSAE)
        parts.decoder = try tensors.matrix("W_dec", rows: dSAE, columns: dIn)
        if !isTied { parts.encoder = try tensors.transposed("W_enc", rows: dSAE, columns: dIn) }
        parts.bias = try tensors.vector("b_dec", count: dIn)
        parts.scale = configuration.scale
        parts.normalization = configuration.normalization
        parts.appliesBias = configuration.appliesDecoderBiasToInput
        return try parts.make(
            info, heads: try file.optionalSize("n_heads") ?? 8, layers: try file.int("n_attn_layers") ?? 1,
            k: try (file.string("sae_diff_type") ?? "topk") == "topk"
                ? checkpoint.options.k ?? file.optionalSize("kval_topk") : nil)
    }

    private mutating func kron() throws -> KronSAE {
        let file = configuration.file
        let (heads, base, other) = (
            try file.size("n_heads"), try file.size("base_factors"), try file.size("extension_factors")
        )
        let (product, overflows) = (heads &* base).multipliedReportingOverflow(by: other)
        guard !overflows, product == dSAE, heads <= dSAE, base <= dSAE else {
            throw SAECheckpointError(
                file.path,
                .badValue(
                    key: "n_heads · base_factors · extension_factors", expected: "d_sae \(dSAE)", found: "\(product)"))
        }
        let core = try core(encoderRows: heads * (base + other))
        return KronSAE(
            core: core, heads: heads, baseFactors: base, extensionFactors: other,
            k: try checkpoint.options.k ?? file.optionalSize("k"))
    }
}

// MARK: Shared parts

extension SAELensReading {
    /// - Parameter encoderRows: Outputs of the encoder, where they are not the neurons.
    private func core(hasEncoderBias: Bool = true, encoderRows: Int? = nil) throws -> LinearCore {
        let rows = encoderRows ?? dSAE
        // All shapes are checked against the file before anything is read.
        try tensors.check("W_enc", shape: [dIn, rows])
        try tensors.check("W_dec", shape: [dSAE, dOut])
        if hasEncoderBias { try tensors.check("b_enc", shape: [rows]) }
        try tensors.check("b_dec", shape: [dOut])
        if configuration.appliesDecoderBiasToInput, dIn != dOut {
            throw SAECheckpointError(checkpoint.path, .wrongShape(tensor: "b_dec", expected: [dIn], found: [dOut]))
        }
        let bias = try tensors.vector("b_dec", count: dOut)
        var input = InputPreparation(
            scale: configuration.scale, normalization: configuration.normalization,
            center: configuration.appliesDecoderBiasToInput ? bias : nil,
            isUndone: !configuration.architecture.isTranscoder)
        var decoder = LinearDecoder(
            matrix: try tensors.matrix("W_dec", rows: dSAE, columns: dOut), bias: bias,
            outputScale: 1 / configuration.scale)
        if configuration.expectsAverageNorm, let factor = checkpoint.options.normScalingFactor {
            input.scale = factor
            decoder.outputScale = 1 / factor
        }
        if configuration.architecture.hasSkip {
            decoder.skip = try tensors.matrix("W_skip", rows: dOut, columns: dIn)
        }
        var encoder = LinearEncoder(matrix: try tensors.transposed("W_enc", rows: rows, columns: dIn))
        if hasEncoderBias { encoder.bias = NeuronFactors(try tensors.vector("b_enc", count: rows)) }
        if tensors.has("scaling_factor") {
            // Versions up to 5: multiplies features on the way out. All ones when unused.
            let factors = try tensors.vector("scaling_factor", count: dSAE)
            if factors.contains(where: { $0 != 1 }) { decoder.scale = NeuronFactors(factors) }
        }
        if configuration.rescalesByDecoderNorm { Self.rescale(&encoder, &decoder) }
        return LinearCore(info: info, input: input, encoder: encoder, decoder: decoder)
    }

    /// `rescale_acts_by_decoder_norm`: pre-activations times the decoder row's norm, rows over it on the way out.
    private static func rescale(_ encoder: inout LinearEncoder, _ decoder: inout LinearDecoder) {
        guard let matrix = decoder.matrix else { return }
        let norms = NeuronFactors.norms(of: matrix)
        encoder.scale = norms
        encoder.bias = encoder.bias?.times(norms)
        decoder.scale = decoder.scale.map { $0.times(norms.inverse) } ?? norms.inverse
    }

    private func thresholds() throws -> [Float] {
        // Training checkpoints of old runs hold the logarithm.
        if !tensors.has("threshold"), tensors.has("log_threshold") {
            return try tensors.vector("log_threshold", count: dSAE).map { Foundation.exp($0) }
        }
        if tensors.has("threshold"), try tensors.info("threshold").elementCount == 1, dSAE > 1 {
            return [Float](repeating: try tensors.scalar("threshold"), count: dSAE)
        }
        return try tensors.vector("threshold", count: dSAE)
    }
}

import TopsailCore
import TopsailTensor

/// Reads dictionary_learning (saprmarks) and releases built on it: `ae.pt`, a pickled dict of tensors, beside `config.json`
/// with `trainer.dict_class`. A training backup holds the same under `ae`.
///
/// Source: saprmarks/dictionary_learning, `dictionary.py` and `utils.py` of August 2025.
enum DictionaryLearningReader: CheckpointReader {
    static let format = "dictionary_learning"

    static func recognises(_ checkpoint: Checkpoint) -> Bool {
        let tensors = checkpoint.tensors
        if case .object? = checkpoint.configuration?["trainer"] { return true }
        // Without a configuration the keys must speak for themselves.
        return tensors.has("encoder.weight", "decoder.weight")
            && (tensors.has("bias") || tensors.has("decoder_bias", "r_mag") || tensors.has("b_dec", "k"))
            || tensors.has("W_enc", "W_dec", "group_sizes") || tensors.names.contains { $0.hasPrefix("var_encoder.") }
    }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let reading = try DictionaryLearningReading(checkpoint, format: format)
        let tensors = checkpoint.tensors
        let name = reading.className
        if tensors.names.contains(where: { $0.hasPrefix("var_encoder.") || $0 == "W_enc_var" })
            || name.lowercased().hasPrefix("vsae")
        {
            return try reading.variational()
        }
        if tensors.has("W_enc", "group_sizes") { return try reading.matryoshka() }
        if tensors.has("W_enc", "W_dec") { return try reading.jumpReLU() }
        if tensors.has("decoder_bias") { return try reading.gated() }
        if tensors.has("b_dec") { return try reading.topK(isBatch: name.lowercased().contains("batchtopk")) }
        return try tensors.has("bias") ? reading.autoEncoder() : reading.newAutoEncoder()
    }
}

/// One such checkpoint as it is read.
struct DictionaryLearningReading {
    let checkpoint: Checkpoint
    let tensors: CheckpointTensors
    let trainer: ConfigurationFile
    let className: String
    private let format: String

    init(_ checkpoint: Checkpoint, format: String) throws {
        self.checkpoint = checkpoint
        self.format = format
        tensors = checkpoint.tensors
        trainer =
            try checkpoint.configuration?.object("trainer") ?? ConfigurationFile(path: checkpoint.path, values: [:])
        // Backups keep the configuration in the pickle as well.
        let metadata = tensors.archive.metadata
        className =
            try trainer.string("dict_class") ?? metadata.string("config.dict_class")
            ?? metadata.string("config.trainer.dict_class") ?? trainer.string("trainer_class") ?? ""
    }

    func info(_ architecture: SAEInfo.Architecture, _ dIn: Int, _ dSAE: Int, _ dtype: DType) throws -> SAEInfo {
        let model = try trainer.string("lm_name")
        var hookName = try trainer.string("submodule_name")
        if hookName == nil, let layer = try trainer.int("layer") { hookName = "resid_post_layer_\(layer)" }
        if hookName == nil {
            // The folder's name, which says it in the releases.
            hookName = checkpoint.absolutePath.split(separator: "/").map(String.init).last { $0.contains("_layer_") }
        }
        var info = checkpoint.info(
            format, architecture, dIn: dIn, dOut: dIn, dSAE: dSAE, dtype: dtype, hookName: hookName, model: model,
            parameters: trainer.kept("dict_class", "trainer_class", "group_fractions"))
        // The site comes from the submodule's name; the layer is said once more, and that is what counts.
        if let layer = try trainer.int("layer"), layer >= 0 {
            info.layer = checkpoint.options.layer ?? layer
            info.hook = HookPoint(info.hook?.site ?? .residPost, layer: info.layer ?? layer)
        }
        return info
    }

    /// `encoder.weight` and `decoder.weight` as linear layers.
    private func linear(
        _ info: SAEInfo, center: [Float]?, bias: [Float], hasEncoderBias: Bool = true
    ) throws -> LinearCore {
        let encoder = LinearEncoder(
            matrix: try tensors.matrix("encoder.weight", rows: info.dSAE, columns: info.dIn),
            bias: hasEncoderBias ? NeuronFactors(try tensors.vector("encoder.bias", count: info.dSAE)) : nil)
        return LinearCore(
            info: info, input: InputPreparation(center: center), encoder: encoder,
            decoder: LinearDecoder(
                matrix: try tensors.transposed("decoder.weight", rows: info.dSAE, columns: info.dIn), bias: bias))
    }

    private func extents() throws -> (dSAE: Int, dIn: Int, dtype: DType) {
        let (dSAE, dIn) = try tensors.extents("encoder.weight")
        return (dSAE, dIn, try tensors.dtype("encoder.weight"))
    }

    /// `AutoEncoder`: the decoder's column norms are folded into the encoder when it is loaded, so that features carry them.
    func autoEncoder() throws -> StandardSAE {
        let (dSAE, dIn, dtype) = try extents()
        let bias = try tensors.vector("bias", count: dIn)
        let plain = try linear(info(.standard, dIn, dSAE, dtype), center: bias, bias: bias)
        var (encoder, decoder) = (plain.encoder, plain.decoder)
        let norms = NeuronFactors.norms(of: decoder.matrix!)
        encoder.scale = norms
        encoder.bias = encoder.bias?.times(norms)
        decoder.scale = norms.inverse
        return StandardSAE(
            core: LinearCore(info: plain.info, input: plain.input, encoder: encoder, decoder: decoder))
    }

    /// `AutoEncoderNew`: nothing is subtracted, nothing folded.
    func newAutoEncoder() throws -> StandardSAE {
        let (dSAE, dIn, dtype) = try extents()
        let bias = try tensors.optionalVector("decoder.bias", count: dIn)
        return StandardSAE(core: try linear(info(.standard, dIn, dSAE, dtype), center: nil, bias: bias))
    }

    func gated() throws -> GatedSAE {
        let (dSAE, dIn, dtype) = try extents()
        let bias = try tensors.vector("decoder_bias", count: dIn)
        return GatedSAE(
            core: try linear(info(.gated, dIn, dSAE, dtype), center: bias, bias: bias, hasEncoderBias: false),
            gateBias: try tensors.vector("gate_bias", count: dSAE),
            magnitudeBias: try tensors.vector("mag_bias", count: dSAE),
            logMagnitudeScale: try tensors.vector("r_mag", count: dSAE))
    }

    /// `AutoEncoderTopK`, whose threshold is stored and not used, and `BatchTopKSAE`, which uses it when there is one.
    func topK(isBatch: Bool) throws -> any SparseAutoencoder {
        let (dSAE, dIn, dtype) = try extents()
        let bias = try tensors.vector("b_dec", count: dIn)
        let usesThreshold = isBatch && tensors.has("threshold")
        let architecture: SAEInfo.Architecture =
            if usesThreshold { .batchtopk } else { isBatch ? .batchTopKOfBatch : .topk }
        var core = try linear(info(architecture, dIn, dSAE, dtype), center: bias, bias: bias)
        if usesThreshold { return try threshold(&core) }
        let k = try k()
        core.info.parameters["k"] = .int(k)
        return isBatch ? BatchTopKSAE(core: core, k: k) : TopKSAE(core: core, k: k)
    }

    func matryoshka() throws -> any SparseAutoencoder {
        var core = try parameters(.matryoshka, appliesBias: true)
        let sizes = try tensors.integers("group_sizes")
        core.info.parameters["group_sizes"] = .list(sizes.map(ConfigurationValue.int))
        guard tensors.has("threshold") else { return BatchTopKSAE(core: core, k: try k()) }
        return try threshold(&core)
    }

    func jumpReLU() throws -> JumpReLUSAE {
        let core = try parameters(.jumprelu, appliesBias: false)
        return JumpReLUSAE(core: core, thresholds: try tensors.vector("threshold", count: core.info.dSAE))
    }

    /// Means only; what learns the variance is for training. Older revisions, which have `W_enc`, end in a ReLU.
    func variational() throws -> any SparseAutoencoder {
        if tensors.has("W_enc") {
            let appliesBias = tensors.has("b_dec")
            return StandardSAE(core: try parameters(.variational, appliesBias: appliesBias))
        }
        let (dSAE, dIn, dtype) = try extents()
        let isCentred = tensors.has("bias")
        let bias = try tensors.optionalVector(isCentred ? "bias" : "decoder.bias", count: dIn)
        var core = try linear(info(.variational, dIn, dSAE, dtype), center: isCentred ? bias : nil, bias: bias)
        let k = try checkpoint.options.k ?? trainer.optionalSize("k")
        core.info.parameters["k"] = k.map(ConfigurationValue.int)
        return VariationalSAE(core: core, k: k)
    }

    /// `W_enc [d_in, d_sae]` and its sisters as plain parameters.
    private func parameters(_ architecture: SAEInfo.Architecture, appliesBias: Bool) throws -> LinearCore {
        let (dIn, dSAE) = try tensors.extents("W_enc")
        let bias = try tensors.optionalVector("b_dec", count: dIn)
        return LinearCore(
            info: try info(architecture, dIn, dSAE, tensors.dtype("W_enc")),
            input: InputPreparation(center: appliesBias ? bias : nil),
            encoder: LinearEncoder(
                matrix: try tensors.transposed("W_enc", rows: dSAE, columns: dIn),
                bias: NeuronFactors(try tensors.optionalVector("b_enc", count: dSAE))),
            decoder: LinearDecoder(matrix: try tensors.matrix("W_dec", rows: dSAE, columns: dIn), bias: bias))
    }

    private func threshold(_ core: inout LinearCore) throws -> JumpReLUSAE {
        let threshold = try tensors.scalar("threshold")
        core.info.parameters["threshold"] = .number(Double(threshold))
        core.info.parameters["k"] = (try? k()).map(ConfigurationValue.int)
        return JumpReLUSAE(
            core: core, thresholds: [Float](repeating: threshold, count: core.info.dSAE))
    }

    /// Said by the caller, the tensor, the trainer or the backup's configuration.
    func k() throws -> Int {
        if let k = checkpoint.options.k { return k }
        if tensors.has("k"), let k = try tensors.integers("k").first, k > 0 { return k }
        if let k = try trainer.optionalSize("k") { return k }
        guard let k = tensors.archive.metadata.int(tensors.prefix + "k") ?? tensors.archive.metadata.int("config.k"),
            k > 0
        else { throw SAECheckpointError(checkpoint.path, .missingOption("k", example: "64")) }
        return k
    }
}

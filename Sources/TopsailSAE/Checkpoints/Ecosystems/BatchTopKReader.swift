import Foundation
import TopsailCore

/// Reads the runs of bartbussmann/BatchTopK: `sae.pt` and `config.json` (values that JSON cannot hold are texts) with `W_enc`,
/// `W_dec`, `b_enc`, `b_dec`.
///
/// topk and batchtopk store `b_enc` and do not use it. `input_unit_norm` is a layer norm. Source: BatchTopK, `sae.py`.
enum BatchTopKReader: CheckpointReader {
    static let format = "batchtopk"

    static func recognises(_ checkpoint: Checkpoint) -> Bool { BatchTopKFamily(checkpoint) != nil }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let family = try BatchTopKFamily.require(checkpoint)
        switch family.type {
        case "vanilla", "standard", "relu":
            return StandardSAE(core: try family.core(format, .standard, usesEncoderBias: true, appliesBias: true))
        case "jumprelu":
            let core = try family.core(format, .jumprelu, usesEncoderBias: true, appliesBias: false)
            let logs = try checkpoint.tensors.vector("jumprelu.log_threshold", count: core.info.dSAE)
            return JumpReLUSAE(core: core, thresholds: logs.map { Foundation.exp($0) })
        case "topk": return TopKSAE(core: try family.core(format, .topk), k: try family.k())
        case "batchtopk":
            return BatchTopKSAE(core: try family.core(format, .batchTopKOfBatch), k: try family.k())
        case let other:
            throw SAECheckpointError(family.file.path, .unsupported("sae_type \"\(other)\""))
        }
    }
}

/// Reads the runs of bartbussmann/matryoshka_sae: the same layout with a stored `threshold` and nested groups.
enum MatryoshkaReader: CheckpointReader {
    static let format = "matryoshka"

    static func recognises(_ checkpoint: Checkpoint) -> Bool {
        guard let family = BatchTopKFamily(checkpoint) else { return false }
        return family.type.contains("matryoshka")
            || checkpoint.tensors.has("threshold") && family.file["group_sizes"] != nil
    }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let family = try BatchTopKFamily.require(checkpoint)
        var core = try family.core(format, .matryoshka)
        if let sizes = try family.file.ints("group_sizes") {
            core.info.parameters["group_sizes"] = .list(sizes.map(ConfigurationValue.int))
        }
        guard checkpoint.tensors.has("threshold") else { return BatchTopKSAE(core: core, k: try family.k()) }
        let threshold = try checkpoint.tensors.scalar("threshold")
        core.info.parameters["threshold"] = .number(Double(threshold))
        return JumpReLUSAE(core: core, thresholds: [Float](repeating: threshold, count: core.info.dSAE))
    }
}

/// Reads the runs of SewoongLee/top-afa-sae, which has BatchTopK's layout.
enum TopAFAReader: CheckpointReader {
    static let format = "top-afa"

    static func recognises(_ checkpoint: Checkpoint) -> Bool {
        BatchTopKFamily(checkpoint)?.type.replacingOccurrences(of: "_", with: "").contains("topafa") == true
    }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let core = try BatchTopKFamily.require(checkpoint).core(format, .topAFA)
        guard let matrix = core.decoder.matrix else {
            throw SAECheckpointError(checkpoint.path, .missingTensor("W_dec"))
        }
        return TopAFASAE(core: core, norms: .norms(of: matrix))
    }
}

/// What the repositories of that layout share.
struct BatchTopKFamily {
    let checkpoint: Checkpoint
    let file: ConfigurationFile
    let type: String

    init?(_ checkpoint: Checkpoint) {
        guard let file = checkpoint.configuration, case .string(let type)? = file["sae_type"],
            file["act_size"] != nil || file["dict_size"] != nil || file["top_k"] != nil,
            checkpoint.tensors.has("W_enc") || checkpoint.tensors.has("W_dec")
        else { return nil }
        self.checkpoint = checkpoint
        self.file = file
        self.type = type.lowercased().replacingOccurrences(of: "-", with: "_")
    }

    static func require(_ checkpoint: Checkpoint) throws -> BatchTopKFamily {
        guard let family = BatchTopKFamily(checkpoint) else {
            throw SAECheckpointError(try checkpoint.requireConfiguration().path, .missingKey("sae_type"))
        }
        return family
    }

    func k() throws -> Int { try checkpoint.options.k ?? file.size("top_k") }

    func core(
        _ format: String, _ architecture: SAEInfo.Architecture, usesEncoderBias: Bool = false,
        appliesBias: Bool = true
    ) throws -> LinearCore {
        let tensors = checkpoint.tensors
        let (dIn, dSAE) = try tensors.extents("W_enc")
        let bias = try tensors.vector("b_dec", count: dIn)
        let hookName = try hookName()
        var info = checkpoint.info(
            format, architecture, dIn: dIn, dOut: dIn, dSAE: dSAE, dtype: try tensors.dtype("W_enc"),
            hookName: hookName, model: try file.string("model_name"),
            parameters: file.kept("sae_type", "input_unit_norm", "top_k", "group_sizes"))
        if case .int(let k)? = file["top_k"], architecture != .standard, architecture != .jumprelu {
            info.parameters["k"] = .int(checkpoint.options.k ?? k)
        }
        return LinearCore(
            info: info,
            input: InputPreparation(
                normalization: try isOn("input_unit_norm") ? .layerNorm : .none, center: appliesBias ? bias : nil),
            encoder: LinearEncoder(
                matrix: try tensors.transposed("W_enc", rows: dSAE, columns: dIn),
                bias: usesEncoderBias ? NeuronFactors(try tensors.vector("b_enc", count: dSAE)) : nil),
            decoder: LinearDecoder(matrix: try tensors.matrix("W_dec", rows: dSAE, columns: dIn), bias: bias))
    }

    /// Truth values may be texts here.
    private func isOn(_ key: String) throws -> Bool {
        if case .string(let text)? = file[key] { return text.lowercased() == "true" }
        return try file.bool(key) ?? false
    }

    private func hookName() throws -> String? {
        if let name = try file.string("hook_point") { return name }
        guard let site = try file.string("site"), let layer = try file.int("layer") else { return nil }
        return "blocks.\(layer).hook_\(site)"
    }
}

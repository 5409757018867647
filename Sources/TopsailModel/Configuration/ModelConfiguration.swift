import TopsailCore
import TopsailFiles

/// The sizes and constants of a decoder-only transformer of the Llama family, in the field's words.
public struct ModelConfiguration: Sendable, Hashable {
    /// The name the file gives the model.
    public var name: String
    /// `general.architecture`.
    public var architecture: String
    public var dModel: Int
    public var nLayers: Int
    public var nHeads: Int
    /// Key and value heads; fewer than `nHeads` in grouped-query attention.
    public var nKVHeads: Int
    public var dHead: Int
    public var dMLP: Int
    public var vocabularySize: Int
    /// Longest sequence the model was made for, in tokens.
    public var contextLength: Int
    public var rmsNormEpsilon: Float
    /// Base of the rotary angles (theta).
    public var ropeBase: Float
    /// Leading dimensions of each head that are rotated; even.
    public var ropeDimensions: Int
    /// Every frequency is divided by this (linear rope scaling); 1 when there is none.
    public var ropeLinearFactor: Float
}

extension ModelConfiguration {
    /// Reads the settings of a GGUF file.
    ///
    /// Keys and defaults: llama.cpp's GGUF conventions.
    ///
    /// - Throws: `ModelError` naming the key that is missing or not supported.
    init(gguf: GGUFFile) throws {
        let path = gguf.path
        let metadata = gguf.metadata
        guard let architecture = metadata.string("general.architecture") else {
            throw ModelError.missingSetting(path: path, key: "general.architecture")
        }
        guard architecture == "llama" else {
            throw ModelError.unsupportedArchitecture(path: path, found: architecture)
        }
        func size(_ key: String, default fallback: Int? = nil) throws -> Int {
            let key = "\(architecture).\(key)"
            guard let value = metadata.int(key) ?? fallback else {
                throw ModelError.missingSetting(path: path, key: key)
            }
            guard value > 0, value <= 1 << 24 else {
                throw ModelError.unsupportedSetting(path: path, key: key, found: "\(value)")
            }
            return value
        }
        self.architecture = architecture
        name = metadata.string("general.name") ?? architecture
        dModel = try size("embedding_length")
        nLayers = try size("block_count")
        nHeads = try size("attention.head_count")
        nKVHeads = try size("attention.head_count_kv", default: nHeads)
        dHead = try size("attention.key_length", default: dModel / nHeads)
        dMLP = try size("feed_forward_length")
        contextLength = try size("context_length", default: 2048)
        ropeDimensions = try size("rope.dimension_count", default: dHead)
        ropeBase = metadata.float("\(architecture).rope.freq_base") ?? 10_000
        guard let epsilon = metadata.float("\(architecture).attention.layer_norm_rms_epsilon") else {
            throw ModelError.missingSetting(path: path, key: "\(architecture).attention.layer_norm_rms_epsilon")
        }
        rmsNormEpsilon = epsilon
        guard let embedding = gguf.info("token_embd.weight"), embedding.shape.count == 2 else {
            throw ModelError.missingTensor(path: path, name: "token_embd.weight")
        }
        vocabularySize = embedding.shape[0]
        ropeLinearFactor = try Self.linearRopeFactor(metadata, architecture: architecture, path: path)
        try checkSupported(metadata, path: path)
    }

    private static func linearRopeFactor(
        _ metadata: ArchiveMetadata, architecture: String, path: String
    ) throws -> Float {
        let key = "\(architecture).rope.scaling.type"
        switch metadata.string(key) {
        case nil, "none": return 1
        case "linear": return metadata.float("\(architecture).rope.scaling.factor") ?? 1
        case let other?: throw ModelError.unsupportedSetting(path: path, key: key, found: other)
        }
    }

    private func checkSupported(_ metadata: ArchiveMetadata, path: String) throws {
        guard nHeads % nKVHeads == 0 else {
            throw ModelError.unsupportedSetting(
                path: path, key: "\(architecture).attention.head_count_kv", found: "\(nKVHeads) for \(nHeads) heads")
        }
        guard ropeDimensions % 2 == 0, ropeDimensions <= dHead else {
            throw ModelError.unsupportedSetting(
                path: path, key: "\(architecture).rope.dimension_count", found: "\(ropeDimensions)")
        }
        if let valueLength = metadata.int("\(architecture).attention.value_length"), valueLength != dHead {
            throw ModelError.unsupportedSetting(
                path: path, key: "\(architecture).attention.value_length", found: "\(valueLength)")
        }
        if let window = metadata.int("\(architecture).attention.sliding_window"), window > 0, window < contextLength {
            throw ModelError.unsupportedSetting(
                path: path, key: "\(architecture).attention.sliding_window", found: "\(window)")
        }
        if let experts = metadata.int("\(architecture).expert_count"), experts > 0 {
            throw ModelError.unsupportedSetting(path: path, key: "\(architecture).expert_count", found: "\(experts)")
        }
    }

    /// Width of what a hook point delivers, in elements; `nil` where the model has no such point.
    public func width(of point: HookPoint) -> Int? {
        guard point.site == .finalNorm || (0..<nLayers).contains(point.layer) else { return nil }
        switch point.site {
        case .residPre, .residMid, .residPost, .attnOut, .mlpOut, .finalNorm: return dModel
        case .attnZ: return nHeads * dHead
        case .mlpAct: return dMLP
        case .attnOutRaw, .mlpOutRaw: return nil
        }
    }
}

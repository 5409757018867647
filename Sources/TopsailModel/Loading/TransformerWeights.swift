import TopsailFiles
import TopsailTensor

/// The weights of one block. Shapes are `[outputs, inputs]`.
struct BlockWeights: Sendable {
    let attentionNorm: NormWeights?
    let query: Linear
    let key: Linear
    let value: Linear
    let queryNorm: NormWeights?
    let keyNorm: NormWeights?
    let attentionOutput: Linear
    let attentionPostNorm: NormWeights?
    let mlpNorm: NormWeights?
    /// What the activation is applied to.
    let gate: Linear
    /// What multiplies the activation; `nil` in an MLP without a gate.
    let up: Linear?
    let down: Linear
    let mlpPostNorm: NormWeights?

    init(_ reader: WeightReader, layer: Int, _ c: ModelConfiguration) throws {
        let names = reader.names
        func norm(_ name: String?, _ count: Int) throws -> NormWeights? {
            try reader.norm(name.map { reader.layer(layer, $0) }, count: count)
        }
        attentionNorm = try norm(names.attentionNorm, c.dModel)
        (query, key, value) = try Self.attention(reader, layer, c)
        let isWide = c.attention.queryKeyNorm == .wholeWidth
        queryNorm = try norm(names.queryNorm, isWide ? c.nHeads * c.dHead : c.dHead)
        keyNorm = try norm(names.keyNorm, isWide ? c.nKVHeads * c.dHead : c.dHead)
        attentionOutput = try reader.linear(
            reader.layer(layer, names.attentionOutput), outputs: c.dModel, inputs: c.nHeads * c.dHead,
            order: names.order)
        attentionPostNorm = try norm(names.attentionPostNorm, c.dModel)
        mlpNorm = try norm(names.mlpNorm, c.dModel)
        (gate, up) = try Self.mlpInput(reader, layer, c)
        down = try reader.linear(
            reader.layer(layer, names.mlpOutput), outputs: c.dModel, inputs: c.dMLP, order: names.order)
        mlpPostNorm = try norm(names.mlpPostNorm, c.dModel)
    }

    private static func attention(
        _ reader: WeightReader, _ layer: Int, _ c: ModelConfiguration
    ) throws -> (Linear, Linear, Linear) {
        let queries = c.nHeads * c.dHead, keys = c.nKVHeads * c.dHead
        let total = queries + 2 * keys
        func part(_ name: String, _ outputs: Int, _ part: WeightReader.Part) throws -> Linear {
            try reader.linear(
                reader.layer(layer, name), outputs: outputs, inputs: c.dModel, part: part, order: reader.names.order)
        }
        switch reader.names.attention {
        case .separate(let query, let key, let value):
            return (
                try part(query, queries, .whole), try part(key, keys, .whole), try part(value, keys, .whole)
            )
        case .fused(let name):
            return (
                try part(name, queries, .outputs(first: 0, total: total)),
                try part(name, keys, .outputs(first: queries, total: total)),
                try part(name, keys, .outputs(first: queries + keys, total: total))
            )
        case .fusedByHead(let name):
            func head(_ index: Int) throws -> Linear {
                try part(
                    name, queries, .groups(first: index * c.dHead, size: c.dHead, stride: 3 * c.dHead, total: total))
            }
            return (try head(0), try head(1), try head(2))
        }
    }

    private static func mlpInput(
        _ reader: WeightReader, _ layer: Int, _ c: ModelConfiguration
    ) throws -> (gate: Linear, up: Linear?) {
        func read(_ name: String, _ part: WeightReader.Part = .whole) throws -> Linear {
            try reader.linear(
                reader.layer(layer, name), outputs: c.dMLP, inputs: c.dModel, part: part, order: reader.names.order)
        }
        switch reader.names.mlpInput {
        case .gated(let gate, let up): return (try read(gate), try read(up))
        case .gatedFused(let name):
            return (
                try read(name, .outputs(first: 0, total: 2 * c.dMLP)),
                try read(name, .outputs(first: c.dMLP, total: 2 * c.dMLP))
            )
        case .plain(let name): return (try read(name), nil)
        }
    }
}

/// All weights of a model.
struct TransformerWeights: Sendable {
    /// `W_E`, `[vocab, d_model]`.
    let embedding: StoredMatrix
    /// `W_pos`, `[positions, d_model]`, where positions are learned.
    let positions: StoredMatrix?
    let blocks: [BlockWeights]
    let finalNorm: NormWeights
    /// `W_U` transposed, `[vocab, d_model]`; the embedding itself when tied.
    let unembedding: Linear
    let rotaries: [RotaryEmbedding]

    /// Finds and checks every weight, and completes the configuration with what only tensors say.
    ///
    /// - Parameter tiesEmbeddings: Whether the embedding serves as unembedding; `nil` leaves it to whether there is another.
    init(_ reader: WeightReader, _ c: inout ModelConfiguration, tiesEmbeddings: Bool?) throws {
        let names = reader.names, archive = reader.archive
        let embeddingName = reader.global(names.embedding)
        guard let shape = archive.info("\(embeddingName).weight")?.shape, shape.count == 2, shape[0] > 0 else {
            throw ModelError.missingTensor(path: archive.path, name: "\(embeddingName).weight")
        }
        // 0 where the settings leave it to the tensor.
        guard c.vocabularySize == 0 || c.vocabularySize == shape[0] else {
            throw ModelError.shapeMismatch(
                path: archive.path, tensor: "\(embeddingName).weight", expected: [c.vocabularySize, c.dModel],
                found: shape)
        }
        c.vocabularySize = shape[0]
        try Self.joinDivisors(archive, &c)
        try Self.check(c, path: archive.path)
        embedding = try reader.linear(embeddingName, outputs: c.vocabularySize, inputs: c.dModel).weight
        positions = try names.positions.map {
            try reader.linear(reader.global($0), outputs: c.contextLength, inputs: c.dModel).weight
        }
        let configuration = c
        blocks = try (0..<c.nLayers).map { try BlockWeights(reader, layer: $0, configuration) }
        guard let norm = try reader.norm(reader.global(names.finalNorm), count: c.dModel) else {
            throw ModelError.missingTensor(path: archive.path, name: names.finalNorm)
        }
        finalNorm = norm
        let found = names.unembedding.first { reader.has("\($0).weight") }
        if tiesEmbeddings ?? (found == nil) {
            unembedding = Linear(weight: embedding, bias: nil)
        } else {
            unembedding = try reader.linear(
                found ?? names.unembedding[0], outputs: c.vocabularySize, inputs: c.dModel)
        }
        rotaries = c.rotaries.map(RotaryEmbedding.init)
        try reader.checkNothingIsLeft()
    }

    /// GGUF files keep Llama 3's divisors, and the two sets of long-rope files, as tensors.
    private static func joinDivisors(_ archive: any TensorArchive, _ c: inout ModelConfiguration) throws {
        guard let rotary = c.rotaries.first else { return }
        func divisors(_ name: String) throws -> [Float]? {
            guard let info = archive.info(name) else { return nil }
            guard info.shape == [rotary.pairs] else {
                throw ModelError.shapeMismatch(
                    path: archive.path, tensor: name, expected: [rotary.pairs], found: info.shape)
            }
            return try archive.floats(name)
        }
        if let factors = try divisors("rope_freqs.weight") {
            c.rotaries[0].scaling = .divisors(factors)
        } else if let long = try divisors("rope_factors_long.weight"),
            let short = try divisors("rope_factors_short.weight")
        {
            let key = "\(c.family).rope.scaling."
            let original = archive.metadata.int(key + "original_context_length") ?? c.contextLength
            c.rotaries[0].scaling = .longRope(
                short: short, long: long, originalLength: original,
                attentionFactor: archive.metadata.float(key + "attn_factor") ?? 1)
        }
    }

    private static func check(_ c: ModelConfiguration, path: String) throws {
        let widths = [
            ("the width of the model", c.dModel), ("the width of all heads", c.nHeads * c.dHead),
            ("the width of the MLP", c.dMLP),
        ]
        for (what, width) in widths where width > ModelConfiguration.widest {
            throw ModelError.unsupportedSetting(path: path, key: what, found: "\(width)")
        }
        guard c.nHeads % c.nKVHeads == 0 else {
            throw ModelError.unsupportedSetting(
                path: path, key: "the number of key and value heads", found: "\(c.nKVHeads) for \(c.nHeads) heads")
        }
    }
}

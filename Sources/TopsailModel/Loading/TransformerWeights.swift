import TopsailFiles
import TopsailTensor

/// The weights of one Llama block. Shapes are `[outputs, inputs]`.
struct BlockWeights: Sendable {
    let attentionNorm: [Float]
    let query: StoredMatrix
    let key: StoredMatrix
    let value: StoredMatrix
    let attentionOutput: StoredMatrix
    let mlpNorm: [Float]
    let gate: StoredMatrix
    let up: StoredMatrix
    let down: StoredMatrix

    init(_ archive: any TensorArchive, layer: Int, _ c: ModelConfiguration) throws {
        func weight(_ name: String, _ outputs: Int, _ inputs: Int) throws -> StoredMatrix {
            try StoredMatrix(archive, "blk.\(layer).\(name).weight", outputs: outputs, inputs: inputs)
        }
        attentionNorm = try TransformerWeights.vector(archive, "blk.\(layer).attn_norm.weight", count: c.dModel)
        query = try weight("attn_q", c.nHeads * c.dHead, c.dModel)
        key = try weight("attn_k", c.nKVHeads * c.dHead, c.dModel)
        value = try weight("attn_v", c.nKVHeads * c.dHead, c.dModel)
        attentionOutput = try weight("attn_output", c.dModel, c.nHeads * c.dHead)
        mlpNorm = try TransformerWeights.vector(archive, "blk.\(layer).ffn_norm.weight", count: c.dModel)
        gate = try weight("ffn_gate", c.dMLP, c.dModel)
        up = try weight("ffn_up", c.dMLP, c.dModel)
        down = try weight("ffn_down", c.dModel, c.dMLP)
        for bias in ["attn_q", "attn_k", "attn_v", "attn_output"] where archive.info("blk.\(layer).\(bias).bias") != nil
        {
            throw ModelError.unsupportedSetting(path: archive.path, key: "blk.\(layer).\(bias).bias", found: "present")
        }
    }
}

/// All weights of a model of the Llama family.
struct TransformerWeights: Sendable {
    /// `W_E`, `[vocab, d_model]`.
    let embedding: StoredMatrix
    let blocks: [BlockWeights]
    let finalNorm: [Float]
    /// `W_U` transposed, `[vocab, d_model]`; the embedding itself when tied.
    let unembedding: StoredMatrix
    let rotary: RotaryEmbedding

    init(_ archive: any TensorArchive, _ c: ModelConfiguration) throws {
        embedding = try StoredMatrix(archive, "token_embd.weight", outputs: c.vocabularySize, inputs: c.dModel)
        blocks = try (0..<c.nLayers).map { try BlockWeights(archive, layer: $0, c) }
        finalNorm = try Self.vector(archive, "output_norm.weight", count: c.dModel)
        unembedding =
            archive.info("output.weight") == nil
            ? embedding : try StoredMatrix(archive, "output.weight", outputs: c.vocabularySize, inputs: c.dModel)
        let factors =
            archive.info("rope_freqs.weight") == nil
            ? [] : try Self.vector(archive, "rope_freqs.weight", count: c.ropeDimensions / 2)
        rotary = RotaryEmbedding(
            dimensions: c.ropeDimensions, base: c.ropeBase, linearFactor: c.ropeLinearFactor, factors: factors)
    }

    static func vector(_ archive: any TensorArchive, _ name: String, count: Int) throws -> [Float] {
        guard let info = archive.info(name) else { throw ModelError.missingTensor(path: archive.path, name: name) }
        guard info.shape == [count] else {
            throw ModelError.shapeMismatch(path: archive.path, tensor: name, expected: [count], found: info.shape)
        }
        return try archive.floats(name)
    }
}

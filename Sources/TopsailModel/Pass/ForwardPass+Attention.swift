import CKernels
import TopsailCore
import TopsailTensor

extension ForwardPass {
    /// What attention of a layer adds to the stream, into `output`: `[rows, d_model]`.
    func attention(_ layer: Int, into output: UnsafeMutablePointer<Float>) throws {
        let block = weights.blocks[layer]
        project(
            [
                (block.query, scratch.query.pointer), (block.key, scratch.key.pointer),
                (block.value, scratch.value.pointer),
            ], input(block.attentionNorm))
        normaliseHeads(scratch.query.pointer, block.queryNorm, heads: configuration.nHeads)
        normaliseHeads(scratch.key.pointer, block.keyNorm, heads: configuration.nKVHeads)
        if !weights.rotaries.isEmpty {
            rotate(scratch.query.pointer, heads: configuration.nHeads, layer)
            rotate(scratch.key.pointer, heads: configuration.nKVHeads, layer)
        }
        store(layer)
        Attention(configuration, layer: layer).run(
            layer: layer, segments: segments, cache: cache, query: scratch.query.pointer, z: scratch.z.pointer)
        try offer(.attnZ, layer, scratch.z.pointer)
        project([(block.attentionOutput, output)], scratch.z.pointer)
        if let norm = block.attentionPostNorm {
            try offer(.attnOutRaw, layer, output)
            normalise(output, norm, into: output)
        }
        try offer(.attnOut, layer, output)
    }

    /// What a sublayer reads: the stream through its norm, or the stream itself.
    func input(_ norm: NormWeights?) -> UnsafePointer<Float> {
        guard let norm else { return UnsafePointer(scratch.residual.pointer) }
        normalise(scratch.residual.pointer, norm, into: scratch.normed.pointer)
        return UnsafePointer(scratch.normed.pointer)
    }

    private func normaliseHeads(_ values: UnsafeMutablePointer<Float>, _ norm: NormWeights?, heads: Int) {
        guard let norm else { return }
        let isWide = configuration.attention.queryKeyNorm == .wholeWidth
        let width = isWide ? heads * configuration.dHead : configuration.dHead
        normalise(values, norm, rows: isWide ? rows : rows * heads, width: width, into: values)
    }

    private func rotate(_ values: UnsafeMutablePointer<Float>, heads: Int, _ layer: Int) {
        let index = configuration.layers[layer].rotary
        let pairs = weights.rotaries[index].pairs, angles = scratch.angles[index]
        let turn = configuration.rotaries[index].pairing == .halves ? tsk_rotate_halves : tsk_rotate_pairs
        for row in 0..<rows {
            for head in 0..<heads {
                turn(
                    values + (row * heads + head) * configuration.dHead, angles.cosine.pointer + row * pairs,
                    angles.sine.pointer + row * pairs, pairs)
            }
        }
    }

    /// Copies the new keys and values into the cache.
    private func store(_ layer: Int) {
        let dHead = configuration.dHead
        for segment in segments {
            for head in 0..<configuration.nKVHeads {
                let keys = cache.keys(layer: layer, slot: segment.slot, head: head)
                let values = cache.values(layer: layer, slot: segment.slot, head: head)
                for i in 0..<segment.count {
                    let source = ((segment.firstRow + i) * configuration.nKVHeads + head) * dHead
                    let target = (segment.start + i) * dHead
                    (keys + target).update(from: scratch.key.pointer + source, count: dHead)
                    (values + target).update(from: scratch.value.pointer + source, count: dHead)
                }
            }
            cache.fill(slot: segment.slot, layer: layer, length: segment.end)
        }
    }
}

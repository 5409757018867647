import CKernels
import TopsailCore
import TopsailTensor

/// One pass of new rows through the blocks of a Llama-family transformer.
///
/// `x += attn(norm(x)); x += mlp(norm(x))` in fp32 on the stored weights (Touvron et al. 2023). Hooks see, and may change, each
/// activation as it is made; the pass ends after the last layer that anyone asked for.
struct ForwardPass {
    let configuration: ModelConfiguration
    let weights: TransformerWeights
    let cache: KVCache
    let scratch: Scratch
    let precision: Precision
    let segments: [Segment]
    let hooks: HookSet
    let isCancelled: () -> Bool

    private var rows: Int { segments.last.map { $0.firstRow + $0.count } ?? 0 }

    /// Runs the first `layers` layers.
    ///
    /// - Parameter tokens: One id per row, each inside the vocabulary.
    /// - Throws: `CancellationError` between layers, and what a hook throws.
    func run(tokens: [TokenID], layers: Int) throws {
        embed(tokens)
        prepareAngles()
        for layer in 0..<layers {
            if isCancelled() { throw CancellationError() }
            try offer(.residPre, layer, scratch.residual.pointer)
            try attention(layer)
            try offer(.residMid, layer, scratch.residual.pointer)
            try mlp(layer)
            try offer(.residPost, layer, scratch.residual.pointer)
        }
        // The stream going into a layer that does not run is still there to be seen.
        if layers < configuration.nLayers { try offer(.residPre, layers, scratch.residual.pointer) }
    }

    /// Applies the final norm; `scratch.normed` then holds `final_norm` for all rows.
    func finish() throws {
        normalise(weights.finalNorm)
        try offer(.finalNorm, 0, scratch.normed.pointer)
    }

    /// Logits of the given rows of `scratch.normed`: `[rows.count, vocab]`.
    func logits(rows chosen: [Int]) -> FloatMatrix {
        let d = configuration.dModel
        let inputs = FloatMatrix(rows: chosen.count, columns: d)
        for (index, row) in chosen.enumerated() {
            (inputs.pointer + index * d).update(from: scratch.normed.pointer + row * d, count: d)
        }
        let output = FloatMatrix(rows: chosen.count, columns: configuration.vocabularySize)
        Projection.apply(
            [Projection(weights.unembedding, into: output.pointer)], x: inputs.pointer, tokens: chosen.count,
            precision: precision)
        return output
    }

    private func embed(_ tokens: [TokenID]) {
        for (row, token) in tokens.enumerated() {
            weights.embedding.widenRow(Int(token), into: scratch.residual.pointer + row * configuration.dModel)
        }
    }

    private func prepareAngles() {
        let pairs = weights.rotary.pairs
        for segment in segments {
            for i in 0..<segment.count {
                let row = segment.firstRow + i
                weights.rotary.angles(
                    position: segment.start + i, cosine: scratch.cosine.pointer + row * pairs,
                    sine: scratch.sine.pointer + row * pairs)
            }
        }
    }

    private func attention(_ layer: Int) throws {
        let block = weights.blocks[layer]
        normalise(block.attentionNorm)
        Projection.apply(
            [
                Projection(block.query, into: scratch.query.pointer), Projection(block.key, into: scratch.key.pointer),
                Projection(block.value, into: scratch.value.pointer),
            ], x: scratch.normed.pointer, tokens: rows, precision: precision)
        rotate(scratch.query.pointer, heads: configuration.nHeads)
        rotate(scratch.key.pointer, heads: configuration.nKVHeads)
        store(layer)
        Attention(nHeads: configuration.nHeads, nKVHeads: configuration.nKVHeads, dHead: configuration.dHead)
            .run(layer: layer, segments: segments, cache: cache, query: scratch.query.pointer, z: scratch.z.pointer)
        try offer(.attnZ, layer, scratch.z.pointer)
        Projection.apply(
            [Projection(block.attentionOutput, into: scratch.sublayer.pointer)], x: scratch.z.pointer, tokens: rows,
            precision: precision)
        try offer(.attnOut, layer, scratch.sublayer.pointer)
        addSublayer()
    }

    private func mlp(_ layer: Int) throws {
        let block = weights.blocks[layer]
        normalise(block.mlpNorm)
        Projection.apply(
            [Projection(block.gate, into: scratch.gate.pointer), Projection(block.up, into: scratch.up.pointer)],
            x: scratch.normed.pointer, tokens: rows, precision: precision)
        let width = configuration.dMLP
        nonisolated(unsafe) let gate = scratch.gate.pointer
        nonisolated(unsafe) let up = scratch.up.pointer
        Parallel.forRanges(count: rows, minimum: 16) { range in
            let start = range.lowerBound * width
            tsk_silu_multiply(gate + start, up + start, range.count * width)
        }
        try offer(.mlpAct, layer, scratch.gate.pointer)
        Projection.apply(
            [Projection(block.down, into: scratch.sublayer.pointer)], x: scratch.gate.pointer, tokens: rows,
            precision: precision)
        try offer(.mlpOut, layer, scratch.sublayer.pointer)
        addSublayer()
    }

    /// RMSNorm of the residual stream into `scratch.normed`.
    private func normalise(_ weight: [Float]) {
        let d = configuration.dModel
        for row in 0..<rows {
            tsk_rms_norm(
                scratch.residual.pointer + row * d, weight, configuration.rmsNormEpsilon, d,
                scratch.normed.pointer + row * d)
        }
    }

    private func addSublayer() {
        tsk_axpy(1, scratch.sublayer.pointer, scratch.residual.pointer, rows * configuration.dModel)
    }

    private func rotate(_ values: UnsafeMutablePointer<Float>, heads: Int) {
        let pairs = weights.rotary.pairs
        for row in 0..<rows {
            for head in 0..<heads {
                tsk_rotate_pairs(
                    values + (row * heads + head) * configuration.dHead, scratch.cosine.pointer + row * pairs,
                    scratch.sine.pointer + row * pairs, pairs)
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

    private func offer(_ site: HookSite, _ layer: Int, _ values: UnsafeMutablePointer<Float>) throws {
        let point = HookPoint(site, layer: layer)
        guard hooks.points.contains(point), let width = configuration.width(of: point) else { return }
        try hooks.handler(HookActivation(point: point, values: values, rows: rows, width: width, segments: segments))
    }
}

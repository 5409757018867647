import CKernels
import TopsailCore
import TopsailTensor

/// One pass of new rows through the blocks of a decoder.
///
/// `x += attention(norm(x)); x += mlp(norm(x))` in fp32 on the stored weights, with the norms, positions and joints that the
/// configuration asks for. Hooks see, and may change, each activation as it is made; the pass ends after the last layer that anyone
/// asked for.
struct ForwardPass {
    let model: LanguageModel
    let cache: KVCache
    let scratch: Scratch
    let precision: Precision
    let segments: [Segment]
    let hooks: HookSet
    let isCancelled: () -> Bool

    var configuration: ModelConfiguration { model.configuration }
    var weights: TransformerWeights { model.weights }
    var rows: Int { segments.last.map { $0.firstRow + $0.count } ?? 0 }

    /// Runs the first `layers` layers.
    ///
    /// - Parameter tokens: One id per row, each inside the vocabulary.
    /// - Throws: `CancellationError` between layers, `ModelError` when activations stop being numbers, and what a hook throws.
    func run(tokens: [TokenID], layers: Int) throws {
        embed(tokens)
        prepareAngles()
        for layer in 0..<layers {
            if isCancelled() { throw CancellationError() }
            try offer(.residPre, layer, scratch.residual.pointer)
            if configuration.block.isParallel {
                try attention(layer, into: scratch.parallel.pointer)
                try mlp(layer, into: scratch.sublayer.pointer)
                add(scratch.parallel.pointer)
            } else {
                try attention(layer, into: scratch.sublayer.pointer)
                add(scratch.sublayer.pointer)
                try offer(.residMid, layer, scratch.residual.pointer)
                try mlp(layer, into: scratch.sublayer.pointer)
            }
            add(scratch.sublayer.pointer)
            try checkFinite(layer)
            try offer(.residPost, layer, scratch.residual.pointer)
        }
        // The stream going into a layer that does not run is still there to be seen.
        if layers < configuration.nLayers { try offer(.residPre, layers, scratch.residual.pointer) }
    }

    /// Applies the final norm; `scratch.normed` then holds `final_norm` for all rows.
    func finish() throws {
        normalise(scratch.residual.pointer, weights.finalNorm, into: scratch.normed.pointer)
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
        project([(weights.unembedding, output.pointer)], inputs.pointer, rows: chosen.count)
        if let cap = configuration.logitSoftCap { tsk_softcap(output.pointer, cap, output.count) }
        return output
    }

    private func embed(_ tokens: [TokenID]) {
        let d = configuration.dModel
        for (row, token) in tokens.enumerated() {
            weights.embedding.widenRow(Int(token), into: scratch.residual.pointer + row * d)
        }
        if configuration.embeddingScale != 1 {
            for i in 0..<rows * d { scratch.residual.pointer[i] *= configuration.embeddingScale }
        }
        guard let positions = weights.positions else { return }
        for segment in segments {
            for i in 0..<segment.count {
                positions.widenRow(segment.start + i, into: scratch.normed.pointer)
                tsk_axpy(1, scratch.normed.pointer, scratch.residual.pointer + (segment.firstRow + i) * d, d)
            }
        }
    }

    private func prepareAngles() {
        for (rotary, angles) in zip(weights.rotaries, scratch.angles) {
            for segment in segments {
                let frequencies = rotary.inverseFrequencies(length: segment.plannedLength)
                for i in 0..<segment.count {
                    let offset = (segment.firstRow + i) * rotary.pairs
                    rotary.angles(
                        position: segment.start + i, frequencies: frequencies, cosine: angles.cosine.pointer + offset,
                        sine: angles.sine.pointer + offset)
                }
            }
        }
    }

    private func add(_ sublayer: UnsafePointer<Float>) {
        tsk_axpy(1, sublayer, scratch.residual.pointer, rows * configuration.dModel)
    }

    /// A weight that is NaN spoils everything after it; what is wrong is looked for only once something is.
    private func checkFinite(_ layer: Int) throws {
        guard tsk_all_finite(scratch.residual.pointer, rows * configuration.dModel) == 0 else { return }
        if let tensor = WeightCheck(model.archive).firstBadTensor(where: { $0.contains(".\(layer).") || layer == 0 }) {
            throw ModelError.notFinite(path: model.archive.path, tensor: tensor)
        }
        throw ModelError.overflow(layer: layer)
    }

    func offer(_ site: HookSite, _ layer: Int, _ values: UnsafeMutablePointer<Float>) throws {
        let point = HookPoint(site, layer: layer)
        guard hooks.points.contains(point), let width = configuration.width(of: point) else { return }
        try hooks.handler(HookActivation(point: point, values: values, rows: rows, width: width, segments: segments))
    }

    /// Norms every row of `x` into `out`, which may be `x`.
    func normalise(_ x: UnsafePointer<Float>, _ norm: NormWeights, into out: UnsafeMutablePointer<Float>) {
        normalise(x, norm, rows: rows, width: configuration.dModel, into: out)
    }

    func normalise(
        _ x: UnsafePointer<Float>, _ norm: NormWeights, rows: Int, width: Int, into out: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<rows {
            let offset = row * width
            switch configuration.norm.kind {
            case .rms: tsk_rms_norm(x + offset, norm.weight, configuration.norm.epsilon, width, out + offset)
            case .layer:
                tsk_layer_norm(x + offset, norm.weight, norm.bias, configuration.norm.epsilon, width, out + offset)
            }
        }
    }

    /// Products of one input with several weights, biases added.
    func project(
        _ outputs: [(Linear, UnsafeMutablePointer<Float>)], _ x: UnsafePointer<Float>, rows: Int? = nil
    ) {
        let rows = rows ?? self.rows
        Projection.apply(
            outputs.map { Projection($0.weight, into: $1) }, x: x, tokens: rows, precision: precision)
        for (linear, output) in outputs {
            guard let bias = linear.bias else { continue }
            for row in 0..<rows { tsk_axpy(1, bias, output + row * bias.count, bias.count) }
        }
    }
}

import TopsailCore
import TopsailTensor

/// What ReLU, TopK and JumpReLU SAEs share: everything but the activation function.
///
/// `pre = (normalised x − b_dec if it applies) · W_enc + b_enc`, then a selector decides.
protocol LinearSAE: SparseAutoencoder {
    var weights: SAEWeights { get }
    var normalization: InputNormalization { get }
    /// Whether `b_dec` is subtracted from the (normalised) input.
    var appliesDecoderBiasToInput: Bool { get }
}

extension LinearSAE {
    public func decode(_ features: [ActiveFeature], into y: UnsafeMutablePointer<Float>) {
        y.update(from: weights.decoderBias.pointer, count: weights.dOut)
        for feature in features {
            let row = weights.decoder.pointer + Int(feature.index) * weights.dOut
            LinearAlgebra.axpy(feature.value, row, into: y, count: weights.dOut)
        }
    }

    @discardableResult
    public func reconstruct(
        _ x: UnsafePointer<Float>, tokens: Int, into y: UnsafeMutablePointer<Float>
    ) -> [[ActiveFeature]] {
        let features = encode(x, tokens: tokens)
        let (dIn, dOut) = (weights.dIn, weights.dOut)
        nonisolated(unsafe) let (x, y) = (x, y)
        Parallel.forRanges(count: tokens, minimum: 8) { range in
            for token in range {
                decode(features[token], into: y + token * dOut)
                normalization.undo(y + token * dOut, like: x + token * dIn, count: dOut)
            }
        }
        return features
    }

    public func decoderRow(_ index: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(weights.decoder.row(index))
    }

    public func encoderRow(_ index: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(weights.encoder.row(index))
    }
}

// MARK: Encoding

extension LinearSAE {
    /// Up to so many rows the weights are read once by dot products split over neurons; a matrix product, which first copies
    /// the weights into panels, pays from there on.
    private var fewRows: Int { 8 }

    /// Encodes with one fresh selector a row.
    func encode<Selector: FeatureSelector>(
        _ x: UnsafePointer<Float>, tokens: Int, with makeSelector: @Sendable () -> Selector
    ) -> [[ActiveFeature]] {
        guard tokens > 0 else { return [] }
        var result = [[ActiveFeature]](repeating: [], count: tokens)
        result.withUnsafeMutableBufferPointer { result in
            nonisolated(unsafe) let (x, result) = (x, result)
            if tokens <= fewRows {
                encodeFew(x, tokens: tokens, into: result, with: makeSelector)
                return
            }
            // Fixed sizes, so that results do not depend on the number of threads.
            let block = tokens >= 256 ? 128 : (tokens + 15) / 16 * 8
            Parallel.forEach(count: (tokens + block - 1) / block) { index in
                let rows = index * block..<min(tokens, (index + 1) * block)
                encodeBlock(x, rows: rows, into: result, with: makeSelector)
            }
        }
        return result
    }

    private func encodeBlock<Selector: FeatureSelector>(
        _ x: UnsafePointer<Float>, rows: Range<Int>, into result: UnsafeMutableBufferPointer<[ActiveFeature]>,
        with makeSelector: () -> Selector
    ) {
        let dIn = weights.dIn
        let input = FloatMatrix(rows: rows.count, columns: dIn)
        for (i, row) in rows.enumerated() { prepare(x + row * dIn, into: input.pointer + i * dIn) }
        let scratch = FloatMatrix(rows: rows.count, columns: min(BlockwisePreActivations.neurons, weights.dSAE))
        var selectors = rows.map { _ in makeSelector() }
        let pre = BlockwisePreActivations(
            encoder: weights.encoder.pointer, bias: weights.encoderBias.pointer, dIn: dIn, dSAE: weights.dSAE)
        pre.visit(input.pointer, rows: rows.count, scratch: scratch.pointer) { row, pre, first, count in
            selectors[row].consider(pre, first: first, count: count)
        }
        for (i, row) in rows.enumerated() { result[row] = selectors[i].features() }
    }

    private func encodeFew<Selector: FeatureSelector>(
        _ x: UnsafePointer<Float>, tokens: Int, into result: UnsafeMutableBufferPointer<[ActiveFeature]>,
        with makeSelector: () -> Selector
    ) {
        let (dIn, dSAE) = (weights.dIn, weights.dSAE)
        let inputs = FloatMatrix(rows: tokens, columns: dIn)
        for row in 0..<tokens { prepare(x + row * dIn, into: inputs.pointer + row * dIn) }
        let preActivations = FloatMatrix(rows: tokens, columns: dSAE)
        nonisolated(unsafe) let (input, pre) = (inputs.pointer, preActivations.pointer)
        nonisolated(unsafe) let (encoder, bias) = (weights.encoder.pointer, weights.encoderBias.pointer)
        Parallel.forRanges(count: dSAE, minimum: 256) { neurons in
            for neuron in neurons {
                for row in 0..<tokens {
                    let product = LinearAlgebra.dot(encoder + neuron * dIn, input + row * dIn, count: dIn)
                    pre[row * dSAE + neuron] = product + bias[neuron]
                }
            }
        }
        for row in 0..<tokens {
            var selector = makeSelector()
            selector.consider(pre + row * dSAE, first: 0, count: dSAE)
            result[row] = selector.features()
        }
    }

    private func prepare(_ x: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>) {
        normalization.apply(x, into: out, count: weights.dIn)
        guard appliesDecoderBiasToInput else { return }
        let bias = weights.decoderBias.pointer
        for i in 0..<weights.dIn { out[i] -= bias[i] }
    }
}

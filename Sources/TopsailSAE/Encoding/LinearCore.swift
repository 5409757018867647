import Synchronization
import TopsailCore
import TopsailTensor

/// What linear SAEs are made of: everything but the activation function.
///
/// Scales and folds stand beside the weights and never in them, so that a mapped matrix can be used where it lies.
struct LinearCore: Sendable {
    var info: SAEInfo
    var input: InputPreparation
    var encoder: LinearEncoder
    /// Multiplies features once they are chosen (llamascopium chooses by `pre · ‖W_D row‖` and keeps `pre`).
    var featureScale: NeuronFactors?
    var decoder: LinearDecoder
    let rows: CoreRows

    init(
        info: SAEInfo, input: InputPreparation, encoder: LinearEncoder, featureScale: NeuronFactors? = nil,
        decoder: LinearDecoder
    ) {
        self.info = info
        self.input = input
        self.encoder = encoder
        self.featureScale = featureScale
        self.decoder = decoder
        rows = CoreRows(encoder, decoder)
    }

    /// A core on weights in memory.
    init(
        info: SAEInfo, weights: SAEWeights, normalization: InputNormalization, appliesDecoderBiasToInput: Bool
    ) {
        let bias = UnsafeBufferPointer(weights.decoderBias.row(0)).map(\.self)
        self.init(
            info: info,
            input: InputPreparation(normalization: normalization, center: appliesDecoderBiasToInput ? bias : nil),
            encoder: LinearEncoder(
                matrix: SAEMatrix(
                    weights.encoder.pointer, rows: weights.dSAE, columns: weights.dIn, owner: weights),
                bias: NeuronFactors { Array(weights.encoderBias.row(0)) }),
            decoder: LinearDecoder(
                matrix: SAEMatrix(
                    weights.decoder.pointer, rows: weights.dSAE, columns: weights.dOut, owner: weights),
                bias: bias))
        rows.keep(weights)
    }
}

/// Single rows and whole copies of a core's weights, made when asked for.
final class CoreRows: Sendable {
    let encoder: RowCache
    let decoder: RowCache?
    private let weights = Mutex<SAEWeights?>(nil)

    init(_ encoder: LinearEncoder, _ decoder: LinearDecoder) {
        self.encoder = RowCache(encoder.matrix, factors: encoder.scale)
        self.decoder = decoder.matrix.map { RowCache($0, factors: decoder.scale, factor: decoder.outputScale) }
    }

    func keep(_ made: SAEWeights) { weights.withLock { $0 = made } }

    func weights(_ make: () -> SAEWeights) -> SAEWeights {
        weights.withLock { kept in
            if let kept { return kept }
            let made = make()
            kept = made
            return made
        }
    }
}

// MARK: Encoding

extension LinearCore {
    /// Encodes with one fresh selector a row.
    ///
    /// - Parameters:
    ///   - isScaled: Whether `featureScale` is applied; `scaled` does it later.
    ///   - makeSelector: Called with the row's index.
    func encode<Selector: FeatureSelector>(
        _ x: UnsafePointer<Float>, tokens: Int, isScaled: Bool = true,
        with makeSelector: @Sendable (Int) -> Selector
    ) -> [[ActiveFeature]] {
        guard tokens > 0 else { return [] }
        let input = input.resolved(for: x, tokens: tokens, width: info.dIn)
        let scale = isScaled ? featureScale?.values : nil
        let pre = EncoderBlocks(encoder)
        var result = [[ActiveFeature]](repeating: [], count: tokens)
        result.withUnsafeMutableBufferPointer { result in
            nonisolated(unsafe) let (x, result) = (x, result)
            if tokens <= SAEMatrix.few {
                encodeFew(x, tokens: tokens, input, pre, scale, into: result, with: makeSelector)
                return
            }
            // Fixed sizes, so that results do not depend on the number of threads.
            let block = tokens >= 256 ? 128 : (tokens + 15) / 16 * 8
            Parallel.forEach(count: (tokens + block - 1) / block) { index in
                let rows = index * block..<min(tokens, (index + 1) * block)
                encodeBlock(x, rows: rows, input, pre, scale, into: result, with: makeSelector)
            }
        }
        return result
    }

    /// Applies `featureScale` to rows that were chosen without it.
    func scaled(_ rows: [[ActiveFeature]]) -> [[ActiveFeature]] {
        guard let factors = featureScale?.values else { return rows }
        return rows.map { $0.scaled(by: factors) }
    }

    private func encodeBlock<Selector: FeatureSelector>(
        _ x: UnsafePointer<Float>, rows: Range<Int>, _ input: InputPreparation, _ pre: EncoderBlocks,
        _ scale: [Float]?, into result: UnsafeMutableBufferPointer<[ActiveFeature]>,
        with makeSelector: (Int) -> Selector
    ) {
        let dIn = info.dIn
        let prepared = FloatMatrix(rows: rows.count, columns: dIn)
        for (i, row) in rows.enumerated() { input.apply(x + row * dIn, into: prepared.pointer + i * dIn, width: dIn) }
        let scratch = FloatMatrix(rows: rows.count, columns: min(pre.neurons, pre.dSAE))
        var selectors = rows.map { makeSelector($0) }
        pre.visit(prepared.pointer, rows: rows.count, scratch: scratch.pointer) { row, pre, first, count in
            selectors[row].consider(pre, first: first, count: count)
        }
        for (i, row) in rows.enumerated() { result[row] = selectors[i].features().scaled(by: scale) }
    }

    private func encodeFew<Selector: FeatureSelector>(
        _ x: UnsafePointer<Float>, tokens: Int, _ input: InputPreparation, _ pre: EncoderBlocks,
        _ scale: [Float]?, into result: UnsafeMutableBufferPointer<[ActiveFeature]>,
        with makeSelector: (Int) -> Selector
    ) {
        let dSAE = pre.dSAE
        let inputs = FloatMatrix(rows: tokens, columns: info.dIn)
        for row in 0..<tokens {
            input.apply(x + row * info.dIn, into: inputs.pointer + row * info.dIn, width: info.dIn)
        }
        let preActivations = FloatMatrix(rows: tokens, columns: dSAE)
        nonisolated(unsafe) let (input, values) = (inputs.pointer, preActivations.pointer)
        // Wide matrices are read in longer runs.
        let block = min(pre.neurons, dSAE < 16_384 ? 256 : 1024)
        Parallel.forEach(count: (dSAE + block - 1) / block) { index in
            let neurons = index * block..<min(dSAE, (index + 1) * block)
            pre.encoder.preActivations(
                input, count: tokens, neurons: neurons, into: values + neurons.lowerBound, stride: dSAE)
        }
        for row in 0..<tokens {
            var selector = makeSelector(row)
            selector.consider(values + row * dSAE, first: 0, count: dSAE)
            result[row] = selector.features().scaled(by: scale)
        }
    }
}

extension [ActiveFeature] {
    fileprivate func scaled(by factors: [Float]?) -> [ActiveFeature] {
        guard let factors else { return self }
        return map { ActiveFeature(index: $0.index, value: $0.value * factors[Int($0.index)]) }
            .byFallingActivation()
    }
}

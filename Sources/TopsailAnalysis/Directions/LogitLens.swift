import TopsailCore
import TopsailModel
import TopsailSAE
import TopsailTensor

/// A token's logit under a neuron's direction.
public struct LogitEffect: Sendable, Hashable {
    public var token: TokenID
    /// Above or below the mean over the vocabulary.
    public var value: Float
    /// `value` in standard deviations over the vocabulary. Chance alone reaches 4 to 5.
    public var zScore: Float
}

/// The tokens whose logits a neuron moves most.
public struct NeuronLogits: Sendable, Hashable {
    /// By falling value.
    public var top: [LogitEffect] = []
    /// By rising value.
    public var bottom: [LogitEffect] = []
}

/// Reads decoder rows as logits: final norm folded in, rows at unit norm, centred over the vocabulary, no scale of
/// the norm.
public struct LogitLens: Sendable {
    private let model: LanguageModel
    private let candidates: [TokenID]

    private static let block = 64

    /// Special tokens and rows of the unembedding that no token uses are left out: they are untrained and would lead
    /// every list.
    public init(_ model: LanguageModel) {
        self.model = model
        let size = min(model.tokenizer.vocabularySize, model.configuration.vocabularySize)
        candidates = (0..<TokenID(size)).filter { token in
            !model.tokenizer.isSpecial(token) && !model.tokenizer.bytes(of: token).isEmpty
        }
    }

    /// The effects of each neuron of an SAE that writes to the residual stream.
    ///
    /// - Parameter count: Tokens in each list.
    /// - Complexity: O(d_sae · d_model · vocab), in blocks of neurons.
    public func effects(of sae: any SparseAutoencoder, count: Int = 10) -> [NeuronLogits] {
        let width = sae.info.dOut
        precondition(width == model.configuration.dModel, "a direction of another width has no logits")
        let norm = model.finalNormWeight
        let directions = FloatMatrix(rows: Self.block, columns: width)
        var result: [NeuronLogits] = []
        for start in stride(from: 0, to: sae.info.dSAE, by: Self.block) {
            let neurons = start..<min(start + Self.block, sae.info.dSAE)
            for neuron in neurons {
                fold(sae.decoderRow(neuron), norm, into: directions.pointer + (neuron - start) * width)
            }
            let logits = model.unembed(directions.pointer, count: neurons.count)
            result += ranked(logits, rows: neurons.count, count: count)
        }
        return result
    }

    private func fold(_ row: UnsafeBufferPointer<Float>, _ norm: [Float], into direction: UnsafeMutablePointer<Float>) {
        let length = LinearAlgebra.norm(row.baseAddress!, count: row.count)
        let scale = length > 0 ? 1 / length : 0
        for i in row.indices { direction[i] = row[i] * norm[i] * scale }
    }

    private func ranked(_ logits: borrowing FloatMatrix, rows: Int, count: Int) -> [NeuronLogits] {
        nonisolated(unsafe) let pointer = logits.pointer
        let columns = logits.columns
        var result = Array(repeating: NeuronLogits(), count: rows)
        result.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let buffer = buffer
            Parallel.forEach(count: rows) { row in
                buffer[row] = extremes(of: pointer + row * columns, count: count)
            }
        }
        return result
    }

    private func extremes(of logits: UnsafePointer<Float>, count: Int) -> NeuronLogits {
        var sum = 0.0
        var squares = 0.0
        for token in candidates {
            let value = Double(logits[Int(token)])
            sum += value
            squares += value * value
        }
        let mean = sum / Double(candidates.count)
        let deviation = max(squares / Double(candidates.count) - mean * mean, 0).squareRoot()
        func effect(_ token: TokenID) -> LogitEffect {
            let value = Double(logits[Int(token)]) - mean
            return LogitEffect(token: token, value: Float(value), zScore: deviation > 0 ? Float(value / deviation) : 0)
        }
        return NeuronLogits(
            top: best(count) { logits[Int($0)] }.map(effect), bottom: best(count) { -logits[Int($0)] }.map(effect))
    }

    /// The tokens of highest value, lower ids first among equals.
    private func best(_ count: Int, value: (TokenID) -> Float) -> [TokenID] {
        var kept: [(value: Float, token: TokenID)] = []
        for token in candidates {
            let candidate = value(token)
            if kept.count == count, candidate <= kept[count - 1].value { continue }
            let place = kept.firstIndex { $0.value < candidate } ?? kept.count
            kept.insert((candidate, token), at: place)
            if kept.count > count { kept.removeLast() }
        }
        return kept.map(\.token)
    }
}

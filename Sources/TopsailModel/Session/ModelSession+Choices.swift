import Foundation
import TopsailCore

extension ModelSession {
    /// How a model would choose between a few tokens at several places of a text, all in one pass.
    ///
    /// - Parameters:
    ///   - tokens: The whole text; slot 0 then holds it. A prefix that it holds already is not computed again.
    ///   - positions: Places in the text, rising; the choice is for the token that follows each of them.
    ///   - choices: The tokens to choose from.
    /// - Returns: The logit of each choice for each position, `[positions][choices]`.
    public func choiceLogits(
        _ tokens: [TokenID], at positions: [Int], among choices: [TokenID], isCancelled: () -> Bool = { false }
    ) throws -> [[Float]] {
        guard let first = positions.first else { return [] }
        let head = UnembeddingRows(model, tokens: choices)
        let place = Dictionary(uniqueKeysWithValues: positions.enumerated().map { ($1, $0) })
        var logits = [[Float]](repeating: [], count: positions.count)
        let hooks = HookSet([HookPoint(.finalNorm)]) { activation in
            for segment in activation.segments {
                for row in 0..<segment.count {
                    guard let index = place[segment.start + row] else { continue }
                    logits[index] = head.logits(activation.values + (segment.firstRow + row) * activation.width)
                }
            }
        }
        try read(tokens, hooks: hooks, recomputing: tokens.count - first, isCancelled: isCancelled)
        precondition(logits.allSatisfy { !$0.isEmpty }, "every position lies in the text")
        return logits
    }
}

/// The rows of the unembedding that a few tokens need, so that a vocabulary of hundreds of thousands is left alone.
private struct UnembeddingRows {
    private let rows: [[Float]]
    private let bias: [Float]
    private let softCap: Float?

    init(_ model: LanguageModel, tokens: [TokenID]) {
        let linear = model.weights.unembedding
        rows = tokens.map { token in
            [Float](unsafeUninitializedCapacity: model.configuration.dModel) { row, count in
                linear.weight.widenRow(Int(token), into: row.baseAddress!)
                count = model.configuration.dModel
            }
        }
        bias = tokens.map { linear.bias?[Int($0)] ?? 0 }
        softCap = model.configuration.logitSoftCap
    }

    /// - Parameter hidden: One row of `final_norm`, `[d_model]`.
    func logits(_ hidden: UnsafePointer<Float>) -> [Float] {
        zip(rows, bias).map { row, bias in
            var sum = bias
            for i in row.indices { sum += row[i] * hidden[i] }
            return softCap.map { $0 * tanhf(sum / $0) } ?? sum
        }
    }
}

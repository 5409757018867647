import Foundation
import TopsailCore
import TopsailTensor

/// Negative log probability in nats.
enum Surprisal {
    /// Of one token under one row of logits.
    static func of(_ token: TokenID, _ logits: UnsafeMutableBufferPointer<Float>) -> Float {
        VectorMath.logSumExp(logits) - logits[Int(token)]
    }

    /// Of each token given those before it; `nil` for the first.
    ///
    /// - Parameter logits: `[tokens, vocab]`.
    static func ofFollowing(_ logits: borrowing FloatMatrix, tokens: [TokenID]) -> [Float?] {
        var result: [Float?] = Array(repeating: nil, count: tokens.count)
        for position in tokens.indices.dropFirst() { result[position] = of(tokens[position], logits.row(position - 1)) }
        return result
    }
}

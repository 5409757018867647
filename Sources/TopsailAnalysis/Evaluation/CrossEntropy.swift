import TopsailCore
import TopsailTensor

/// How surprising tokens are under logits.
enum CrossEntropy {
    /// `−log softmax(logits)[target]` of each row, in nats; 0 for rows without a target.
    ///
    /// - Parameter logits: `[targets.count, vocab]`.
    static func rows(_ logits: borrowing FloatMatrix, targets: [TokenID?]) -> [Double] {
        precondition(logits.rows == targets.count, "one target for each row")
        nonisolated(unsafe) let pointer = logits.pointer
        let columns = logits.columns
        var losses = Array(repeating: 0.0, count: targets.count)
        losses.withUnsafeMutableBufferPointer { losses in
            nonisolated(unsafe) let losses = losses
            Parallel.forEach(count: targets.count) { row in
                guard let target = targets[row] else { return }
                let values = UnsafeMutableBufferPointer(start: pointer + row * columns, count: columns)
                losses[row] = Double(VectorMath.logSumExp(values)) - Double(values[Int(target)])
            }
        }
        return losses
    }
}

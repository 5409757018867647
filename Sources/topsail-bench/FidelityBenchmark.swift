import Foundation
import TopsailModel
import TopsailTensor

/// How near `fast` comes to `exact`: on one text, the same best next token, the logits' difference, and the mean loss.
struct FidelityBenchmark {
    let model: LanguageModel

    func run() throws -> String {
        let text = ReadingJob.text(min(256, model.configuration.contextLength), for: model)
        let exact = try ModelSession(model, precision: .exact).read(text, logits: .all).takeLogits()
        let fast = try ModelSession(model, precision: .fast).read(text, logits: .all).takeLogits()
        var same = 0, squares = 0.0, loss = (exact: 0.0, fast: 0.0)
        for row in 0..<text.count {
            let a = exact.row(row), b = fast.row(row)
            same += best(a) == best(b) ? 1 : 0
            for i in 0..<a.count { squares += Double(a[i] - b[i]) * Double(a[i] - b[i]) }
            guard row + 1 < text.count else { continue }
            loss.exact += Double(VectorMath.logSumExp(a) - a[Int(text[row + 1])])
            loss.fast += Double(VectorMath.logSumExp(b) - b[Int(text[row + 1])])
        }
        let count = Double(text.count)
        return String(
            format:
                "fast beside exact, %d tokens: best token equal on %.1f %%, logits rms %.4f apart, loss %.4f and %.4f nats",
            text.count, 100 * Double(same) / count, (squares / Double(exact.count)).squareRoot(),
            loss.fast / (count - 1), loss.exact / (count - 1))
    }

    private func best(_ logits: UnsafeMutableBufferPointer<Float>) -> Int? {
        logits.indices.max { logits[$0] < logits[$1] }
    }
}

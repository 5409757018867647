import Foundation

/// `exp(x) / Σ exp(x)` of a short row.
enum Softmax {
    static func apply(_ x: inout [Float]) {
        guard let largest = x.max() else { return }
        var sum: Float = 0
        for i in x.indices {
            x[i] = Foundation.exp(x[i] - largest)
            sum += x[i]
        }
        for i in x.indices { x[i] /= sum }
    }
}

import CKernels
import Foundation

/// Rotary position embedding on neighbouring pairs, the order in which Llama GGUF files store q and k (Su et al. 2021).
struct RotaryEmbedding: Sendable {
    private let inverseFrequencies: [Float]

    /// - Parameters:
    ///   - dimensions: Rotated dimensions of a head.
    ///   - factors: One divisor per pair (llama3 scaling's `rope_freqs`), or empty.
    init(dimensions: Int, base: Float, linearFactor: Float, factors: [Float]) {
        inverseFrequencies = (0..<dimensions / 2).map { pair in
            let frequency = powf(base, -Float(2 * pair) / Float(dimensions))
            return frequency / linearFactor / (factors.isEmpty ? 1 : factors[pair])
        }
    }

    var pairs: Int { inverseFrequencies.count }

    /// Cosines and sines for one position; `pairs` floats each.
    func angles(
        position: Int, cosine: UnsafeMutablePointer<Float>, sine: UnsafeMutablePointer<Float>
    ) {
        for (pair, frequency) in inverseFrequencies.enumerated() {
            let angle = Float(position) * frequency
            cosine[pair] = cosf(angle)
            sine[pair] = sinf(angle)
        }
    }
}

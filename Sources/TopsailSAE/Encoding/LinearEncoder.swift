import Foundation
import TopsailTensor

/// `pre = (x W_encᵀ · scale + b_enc) · gate`, all but the activation function.
struct LinearEncoder: Sendable {
    /// A gated linear unit's second branch: `sigmoid(x Wᵀ + b)` (OpenMOSS' `use_glu_encoder`).
    struct Gate: Sendable {
        var matrix: SAEMatrix
        var bias: [Float]
    }

    /// One row a neuron, `[d_sae, d_in]`.
    var matrix: SAEMatrix
    /// Multiplies the product, e.g. with the norm of the neuron's decoder row.
    var scale: NeuronFactors?
    /// `nil` when there is none. Shape `[d_sae]`, in units of pre-activations.
    var bias: NeuronFactors?
    var gate: Gate?

    var dSAE: Int { matrix.rows }
    var dIn: Int { matrix.columns }
}

/// An encoder with its lazily computed parts at hand.
struct ReadyEncoder: Sendable {
    private let encoder: LinearEncoder
    private let scale: [Float]?
    private let bias: [Float]?

    init(_ encoder: LinearEncoder) {
        self.encoder = encoder
        scale = encoder.scale?.values
        bias = encoder.bias?.values
    }

    /// Pre-activations of a run of neurons, on the calling thread.
    ///
    /// - Parameters:
    ///   - x: `[count, d_in]`, prepared.
    ///   - pre: `[count, range.count]`, rows `stride` apart, overwritten.
    func preActivations(
        _ x: UnsafePointer<Float>, count: Int, neurons range: Range<Int>, into pre: UnsafeMutablePointer<Float>,
        stride: Int
    ) {
        encoder.matrix.products(x, count: count, rows: range, into: pre, outStride: stride)
        for row in 0..<count {
            let pre = pre + row * stride
            if let scale {
                scale.withUnsafeBufferPointer { for i in 0..<range.count { pre[i] *= $0[range.lowerBound + i] } }
            }
            if let bias {
                bias.withUnsafeBufferPointer { for i in 0..<range.count { pre[i] += $0[range.lowerBound + i] } }
            }
        }
        if let gate = encoder.gate { apply(gate, x, count, range, pre, stride) }
    }

    private func apply(
        _ gate: LinearEncoder.Gate, _ x: UnsafePointer<Float>, _ count: Int, _ range: Range<Int>,
        _ pre: UnsafeMutablePointer<Float>, _ stride: Int
    ) {
        ScratchMemory.withBuffer(of: Float.self, count: count * range.count) { branch in
            gate.matrix.products(x, count: count, rows: range, into: branch, outStride: range.count)
            for row in 0..<count {
                for i in 0..<range.count {
                    let z = branch[row * range.count + i] + gate.bias[range.lowerBound + i]
                    pre[row * stride + i] *= 1 / (1 + Foundation.exp(-z))
                }
            }
        }
    }
}

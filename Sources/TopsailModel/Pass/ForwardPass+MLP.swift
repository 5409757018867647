import CKernels
import TopsailCore
import TopsailTensor

extension ForwardPass {
    /// What the MLP of a layer adds to the stream, into `output`: `[rows, d_model]`.
    func mlp(_ layer: Int, into output: UnsafeMutablePointer<Float>) throws {
        let block = weights.blocks[layer]
        var products = [(block.gate, scratch.gate.pointer)]
        if let up = block.up { products.append((up, scratch.up.pointer)) }
        project(products, input(block.mlpNorm))
        activate(isGated: block.up != nil)
        try offer(.mlpAct, layer, scratch.gate.pointer)
        project([(block.down, output)], scratch.gate.pointer)
        if let norm = block.mlpPostNorm {
            try offer(.mlpOutRaw, layer, output)
            normalise(output, norm, into: output)
        }
        try offer(.mlpOut, layer, output)
    }

    /// `gate = activation(gate) * up`, or without `up`.
    private func activate(isGated: Bool) {
        let width = configuration.dMLP, activation = configuration.mlp.activation
        nonisolated(unsafe) let gate = scratch.gate.pointer
        nonisolated(unsafe) let up = isGated ? scratch.up.pointer : nil
        Parallel.forRanges(count: rows, minimum: 16) { range in
            let start = range.lowerBound * width, count = range.count * width
            activation.apply(gate + start, times: up.map { $0 + start }, count: count)
        }
    }
}

extension MLPSettings.Activation {
    /// `x[i] = activation(x[i])`, times `factors[i]` where there are some.
    func apply(_ x: UnsafeMutablePointer<Float>, times factors: UnsafePointer<Float>?, count: Int) {
        switch self {
        case .silu: tsk_silu_multiply(x, factors, count)
        case .geluTanh: tsk_gelu_tanh_multiply(x, factors, count)
        case .gelu: tsk_gelu_erf_multiply(x, factors, count)
        case .relu:
            tsk_relu(x, count)
            if let factors { for i in 0..<count { x[i] *= factors[i] } }
        }
    }
}

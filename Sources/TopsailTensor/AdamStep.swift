import CKernels
import Foundation

/// One step of Adam (Kingma and Ba 2015), bias corrections included.
public struct AdamStep: Sendable {
    private var constants: tsk_adam

    /// - Parameters:
    ///   - number: Which step this is, counted from 1.
    ///   - rate: The learning rate of this step.
    public init(number: Int, rate: Float, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8) {
        precondition(number >= 1, "Adam steps are counted from 1")
        let correction1 = 1 / (1 - pow(Double(beta1), Double(number)))
        let correction2 = 1 / (1 - pow(Double(beta2), Double(number)))
        constants = tsk_adam(
            rate: rate, beta1: beta1, beta2: beta2, correction1: Float(correction1), correction2: Float(correction2),
            epsilon: epsilon)
    }

    /// Updates the weights and both moments in place; each pointer holds `count` elements.
    public func update(
        weights: UnsafeMutablePointer<Float>, first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>,
        gradient: UnsafePointer<Float>, count: Int
    ) {
        withUnsafePointer(to: constants) { tsk_adam_update(weights, first, second, gradient, count, $0) }
    }
}

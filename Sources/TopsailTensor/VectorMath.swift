import CKernels

/// Reductions over one row.
public enum VectorMath {
    /// log(Σ exp(x)), computed around the maximum.
    public static func logSumExp(_ x: UnsafeMutableBufferPointer<Float>) -> Float {
        tsk_log_sum_exp(x.baseAddress, x.count)
    }
}

import CKernels

/// How exactly products are computed.
public enum Precision: String, Sendable, Hashable, Codable, CaseIterable {
    /// fp32 arithmetic on the stored weights; agrees with the reference implementations to 1e-3.
    case exact
    /// bf16 operands with fp32 sums and an fp32 residual stream where the CPU has a unit for it; otherwise the same as `exact`.
    case fast

    /// Whether this CPU computes this precision in bf16.
    public var usesBF16: Bool { self == .fast && Self.hasBF16 }

    /// Whether the CPU has the AVX512_BF16 unit.
    public static let hasBF16 = tsk_bf16_available() != 0
}

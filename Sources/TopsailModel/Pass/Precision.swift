import TopsailTensor

/// How exactly products are computed.
public enum Precision: String, Sendable, Hashable, Codable, CaseIterable {
    /// fp32 arithmetic on the stored weights; agrees with the reference implementations to 1e-3.
    case exact
    /// Products of integers where the CPU has kernels for them: activations in 15 bits with one scale for 32 of them, sums of
    /// 32 exact, everything else in fp32. Otherwise the same as `exact`.
    case fast

    /// Whether this precision multiplies integers on this CPU.
    public var isNarrowed: Bool { self == .fast && Activations.canNarrow }
}

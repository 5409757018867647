/// Safe-SAIL's measures of how well an SAE's neurons tell a concept from its absence (arXiv 2509.18127).
///
/// The formulas are our reading of the paper's descriptions. Neurons that never fire count, with frequency 0.
public enum ContrastMetrics {
    /// `L₀,ₜ`: neurons whose distinguishing frequency is at least `threshold`.
    public static func l0(_ frequencies: [Double], threshold: Double) -> Int {
        frequencies.count { $0 >= threshold }
    }

    /// `I_CDF = ∫₀¹ (1 − F(t)) dt` over the frequencies' distribution F, which is their mean.
    public static func iCDF(_ frequencies: [Double]) -> Double {
        frequencies.isEmpty ? 0 : frequencies.reduce(0, +) / Double(frequencies.count)
    }
}

/// Activations on the scale from 0 to 10 on which models are told of them and asked for them.
public enum ActivationLevel {
    public static let highest = 10

    /// `min(10, ⌊10 · max(0, a) / maximum⌋)`, as Bills et al. (2023) do; 0 where the maximum is not above 0.
    public static func of(_ activation: Float, maximum: Float) -> Int {
        guard maximum > 0, activation > 0 else { return 0 }
        return min(highest, Int(10 * activation / maximum))
    }
}

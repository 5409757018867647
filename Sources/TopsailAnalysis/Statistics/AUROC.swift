/// The area under the receiver operating characteristic: the chance that a positive scores higher than a negative, ties
/// counting half.
public enum AUROC {
    /// - Returns: `nil` when one side is empty.
    public static func value(positives: [Double], negatives: [Double]) -> Double? {
        guard !positives.isEmpty, !negatives.isEmpty else { return nil }
        let ranks = RankCorrelation.ranks(positives + negatives).prefix(positives.count)
        let count = Double(positives.count)
        return (ranks.reduce(0, +) - count * (count + 1) / 2) / (count * Double(negatives.count))
    }
}

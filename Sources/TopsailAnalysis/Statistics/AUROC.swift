/// The area under the receiver operating characteristic: the chance that a positive scores higher than a negative, ties
/// counting half.
public enum AUROC {
    /// - Returns: `nil` when one side is empty.
    public static func value(positives: [Double], negatives: [Double]) -> Double? {
        guard !positives.isEmpty, !negatives.isEmpty else { return nil }
        let all = (positives.map { ($0, true) } + negatives.map { ($0, false) }).sorted { $0.0 < $1.0 }
        var rankSum = 0.0
        var start = 0
        while start < all.count {
            var end = start
            while end < all.count, all[end].0 == all[start].0 { end += 1 }
            // Ranks from 1; equal scores share their mean rank.
            let rank = Double(start + end + 1) / 2
            rankSum += rank * Double(all[start..<end].count { $0.1 })
            start = end
        }
        let positiveCount = Double(positives.count)
        let least = positiveCount * (positiveCount + 1) / 2
        return (rankSum - least) / (positiveCount * Double(negatives.count))
    }
}

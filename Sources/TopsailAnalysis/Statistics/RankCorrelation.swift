/// Spearman's rank correlation: Pearson's of the ranks, equal values sharing their mean rank.
public enum RankCorrelation {
    /// - Returns: `nil` for fewer than three pairs, or where one side does not vary.
    public static func value(_ pairs: [(Double, Double)]) -> Double? {
        guard pairs.count >= 3 else { return nil }
        let x = ranks(pairs.map(\.0))
        let y = ranks(pairs.map(\.1))
        var sums = PearsonSums()
        for (a, b) in zip(x, y) { sums.add(a, b) }
        return sums.correlation
    }

    /// Ranks from 1; equal values share the mean of theirs.
    public static func ranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = Array(repeating: 0.0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for place in order[start..<end] { ranks[place] = Double(start + end + 1) / 2 }
            start = end
        }
        return ranks
    }
}

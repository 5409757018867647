/// Control of the share of chance finds among many tests (Benjamini and Hochberg 1995).
public enum FalseDiscovery {
    /// The smallest false discovery rate at which each test still counts as a find, for p-values in any order.
    ///
    /// - Complexity: O(n log n).
    public static func qValues(_ pValues: [Double]) -> [Double] {
        let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
        var result = [Double](repeating: 1, count: pValues.count)
        var lowest = 1.0
        for (rank, index) in order.enumerated().reversed() {
            lowest = min(lowest, pValues[index] * Double(pValues.count) / Double(rank + 1))
            result[index] = lowest
        }
        return result
    }
}

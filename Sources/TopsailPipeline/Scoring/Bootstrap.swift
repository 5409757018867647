import TopsailCore

/// Percentile intervals by drawing whole items anew: contexts, not tokens, because tokens of one text depend on each
/// other.
public enum Bootstrap {
    /// The middle 95 % of what a statistic gives on draws with replacement; `nil` when most draws leave it undefined.
    public static func interval<Item>(
        _ items: [Item], draws: Int = 500, seed: UInt64 = 1, _ statistic: ([Item]) -> Double?
    ) -> ClosedRange<Double>? {
        guard items.count > 1 else { return nil }
        var random = SeededGenerator(seed: seed)
        let values = (0..<draws).compactMap { _ in
            statistic(items.map { _ in items[Int.random(in: items.indices, using: &random)] })
        }.sorted()
        guard values.count * 2 > draws else { return nil }
        func quantile(_ p: Double) -> Double { values[min(values.count - 1, Int(p * Double(values.count)))] }
        return quantile(0.025)...quantile(0.975)
    }
}

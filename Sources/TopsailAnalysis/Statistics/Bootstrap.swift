import TopsailCore

/// Percentile bootstrap intervals (Efron 1979).
public struct Bootstrap: Sendable {
    public var resamples = 1000
    /// Share of the resamples inside an interval.
    public var coverage = 0.95
    public var seed: UInt64 = 1

    public init(resamples: Int = 1000) { self.resamples = resamples }

    /// A statistic of groups whose members are drawn anew with replacement, once for each resample.
    ///
    /// - Parameters:
    ///   - counts: Members of each group.
    ///   - statistic: Of the members drawn, by group.
    public func draws<Value>(counts: [Int], statistic: ([[Int]]) -> Value) -> [Value] {
        var generator = SeededGenerator(seed: seed)
        return (0..<resamples).map { _ in
            statistic(counts.map { count in (0..<count).map { _ in Int.random(in: 0..<count, using: &generator) } })
        }
    }

    /// The interval of what resamples gave.
    ///
    /// - Returns: `nil` for none.
    public func interval(of values: [Double]) -> ClosedRange<Double>? {
        let sorted = values.sorted()
        guard let last = sorted.indices.last else { return nil }
        let tail = (1 - coverage) / 2
        func quantile(_ share: Double) -> Double { sorted[Int((share * Double(last)).rounded())] }
        return quantile(tail)...quantile(1 - tail)
    }

    /// A value and 1.96 standard errors either side, the error being the spread of what resamples gave.
    ///
    /// - Returns: `nil` for fewer than two.
    public func interval(around value: Double, of values: [Double]) -> ClosedRange<Double>? {
        guard values.count > 1 else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
        let width = 1.96 * variance.squareRoot()
        return (value - width)...(value + width)
    }

    /// The interval of a statistic of items, whole items drawn anew: contexts, not tokens, because tokens of one text depend on each
    /// other.
    ///
    /// - Returns: `nil` for fewer than two items, or where most draws leave the statistic undefined.
    public static func interval<Item>(
        _ items: [Item], draws: Int = 500, _ statistic: ([Item]) -> Double?
    ) -> ClosedRange<Double>? {
        guard items.count > 1 else { return nil }
        let bootstrap = Bootstrap(resamples: draws)
        let values = bootstrap.draws(counts: [items.count]) { drawn in statistic(drawn[0].map { items[$0] }) }
            .compactMap { $0 }
        return values.count * 2 > draws ? bootstrap.interval(of: values) : nil
    }
}

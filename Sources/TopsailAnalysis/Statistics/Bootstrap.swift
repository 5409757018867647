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
}

/// Sums for Pearson's correlation of two series; sums of parts can be merged.
public struct PearsonSums: Sendable, Hashable {
    public var count = 0
    public var x = 0.0
    public var y = 0.0
    public var xx = 0.0
    public var yy = 0.0
    public var xy = 0.0

    public init() {}

    public mutating func add(_ a: Double, _ b: Double) {
        count += 1
        x += a
        y += b
        xx += a * a
        yy += b * b
        xy += a * b
    }

    public mutating func merge(_ other: PearsonSums) {
        count += other.count
        x += other.x
        y += other.y
        xx += other.xx
        yy += other.yy
        xy += other.xy
    }

    /// The correlation, in `-1 ... 1`; `nil` when either series is constant.
    public var correlation: Double? {
        let n = Double(count)
        let varianceX = n * xx - x * x
        let varianceY = n * yy - y * y
        guard count >= 2, varianceX > 1e-12 * n * xx, varianceY > 1e-12 * n * yy else { return nil }
        return max(-1, min(1, (n * xy - x * y) / (varianceX * varianceY).squareRoot()))
    }
}

import Foundation

/// The largest of many non-negative values, from which upper quantiles of all of them are interpolated.
///
/// Safe-SAIL's way (reference: interpretation metrics, 4.2): rank r of N, counted from the smallest, sits at p = r /
/// N. The result does not depend on the order in which values came, so tails of shards can be merged.
public struct UpperTail: Sendable, Hashable {
    /// How many values are kept.
    public let capacity: Int
    /// The kept values and up to as many that have not been weeded out yet.
    private var values: [Float] = []
    /// Values not above this cannot be among the largest.
    private var floor: Float = 0

    /// - Parameter capacity: At least `(1 − q) · N + 1` for quantile q of N values.
    public init(capacity: Int) {
        precondition(capacity > 1, "a quantile is interpolated between two values")
        self.capacity = capacity
    }

    /// Room enough for a quantile of as many values.
    public static func capacity(for quantile: Double, of total: Int) -> Int {
        // 1 − q is not exact; without the allowance 0.001 · 10,000 would be rounded up to 11.
        max(2, Int(((1 - quantile) * Double(total) - 1e-6).rounded(.up)) + 1)
    }

    /// Adds a value; zeros need not be added.
    public mutating func insert(_ value: Float) {
        guard value > floor else { return }
        values.append(value)
        if values.count >= 2 * capacity { weed() }
    }

    public mutating func merge(_ other: UpperTail) {
        for value in other.values { insert(value) }
    }

    private mutating func weed() {
        values.sort(by: >)
        values.removeLast(values.count - capacity)
        floor = values[capacity - 1]
    }

    /// The kept values, falling.
    public var largest: [Float] { Array(values.sorted(by: >).prefix(capacity)) }

    /// The quantile `q` of `total` values, those that were never added being zero.
    ///
    /// - Returns: `nil` when it lies below what is kept.
    public func quantile(_ q: Double, of total: Int) -> Float? {
        let largest = largest
        // Fewer values than there is room for: everything else is known to be zero.
        let known = largest.count < capacity ? total : min(capacity, total)
        guard known >= 2, (0...1).contains(q) else { return nil }
        func value(atRank rank: Int) -> Float {
            let fromTop = total - rank
            return fromTop < largest.count ? largest[fromTop] : 0
        }
        // q · N may miss a whole rank by a rounding error.
        let place = q * Double(total)
        let nearest = place.rounded()
        let exact = abs(place - nearest) < 1e-6 ? nearest : place
        guard exact >= Double(total - known + 1) else { return nil }
        let rank = min(Int(exact), total - 1)
        let fraction = Float(exact - Double(rank))
        let low = value(atRank: rank)
        return low + fraction * (value(atRank: rank + 1) - low)
    }
}

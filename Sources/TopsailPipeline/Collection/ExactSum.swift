/// A sum of activations that does not depend on the order in which they come: whole numbers of `2⁻⁴⁰` in 96 bits.
///
/// Activations from `2⁻¹⁷` on are added exactly, smaller ones are rounded to the next step first, each by itself. So parts of a
/// collection add up to the bits that one pass gives (reference: interpretation metrics, 17).
package struct ExactSum: Sendable, Hashable {
    package private(set) var low: UInt64 = 0
    package private(set) var high: UInt32 = 0

    private static let steps: Float = 0x1p40
    /// Larger activations count as this; some 65,000 of them fill the sum.
    private static let largest: Float = 0x1p40

    package init() {}

    package init(low: UInt64, high: UInt32) {
        self.low = low
        self.high = high
    }

    /// Adds a value that is not negative.
    package mutating func add(_ value: Float) {
        let scaled = min(value, Self.largest) * Self.steps
        // Sixteen bits from the top, the rest from what is left: both are exact.
        let upper = (scaled * 0x1p-64).rounded(.down)
        let lower = (scaled - upper * 0x1p64).rounded()
        // Rounding cannot reach 2⁶⁴: a float of that size is a whole number.
        add(ExactSum(low: UInt64(lower), high: UInt32(upper)))
    }

    package mutating func add(_ other: ExactSum) {
        let (sum, carries) = low.addingReportingOverflow(other.low)
        let upper = UInt64(high) + UInt64(other.high) + (carries ? 1 : 0)
        // A sum that is full stays so.
        low = upper > UInt32.max ? .max : sum
        high = UInt32(clamping: upper)
    }

    /// The sum to the precision of a double.
    package var value: Double { (Double(high) * 0x1p64 + Double(low)) * 0x1p-40 }
}

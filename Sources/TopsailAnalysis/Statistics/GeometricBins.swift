import Foundation

/// Bins whose edges grow by a constant ratio, the same for all neurons, so that counts can be added up in one pass
/// without knowing the range.
public enum GeometricBins {
    public static let perDoubling = 8
    public static let count = 256
    /// Lower edge of bin 0; smaller values are counted there.
    public static let lowest: Float = 0x1p-16
    /// Upper edge of a bin divided by its lower edge.
    public static let ratio = Float(exp2(1 / Double(perDoubling)))

    /// The bin of a positive value.
    public static func index(of value: Float) -> Int {
        let bin = (log2(value / lowest) * Float(perDoubling)).rounded(.down)
        return min(max(Int(bin), 0), count - 1)
    }
}

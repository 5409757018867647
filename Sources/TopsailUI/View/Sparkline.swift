import Foundation
import TerminalKit

/// Counts as bars.
enum Sparkline {
    /// Neighbouring values are summed where there are more than columns. Heights follow the logarithm, because
    /// histograms of activations fall by orders of magnitude.
    ///
    /// - Returns: Rows from the top.
    static func rows(_ values: [Double], columns: Int, height: Int, theme: Theme) -> [String] {
        guard columns > 0, !values.isEmpty else { return [] }
        var bars = values
        if values.count > columns {
            bars = [Double](repeating: 0, count: columns)
            for (place, value) in values.enumerated() { bars[place * columns / values.count] += value }
        }
        let heights = bars.map { $0 > 0 ? log1p($0) : 0 }
        let highest = heights.max() ?? 0
        return (0..<height).reversed().map { row in
            heights.map { value in
                let level = highest > 0 ? value / highest * Double(height) - Double(row) : 0
                return theme.glyphs.bar(min(1, max(0, level)))
            }.joined()
        }
    }
}

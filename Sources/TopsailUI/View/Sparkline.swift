import Foundation
import TerminalKit

/// Counts as one row of bars.
enum Sparkline {
    /// Neighbouring values are summed where there are more than columns. Heights follow the logarithm, because
    /// histograms of activations fall by orders of magnitude.
    static func text(_ values: [Double], columns: Int, theme: Theme) -> String {
        guard columns > 0, !values.isEmpty else { return "" }
        var bars = values
        if values.count > columns {
            bars = [Double](repeating: 0, count: columns)
            for (place, value) in values.enumerated() { bars[place * columns / values.count] += value }
        }
        let heights = bars.map { $0 > 0 ? log1p($0) : 0 }
        let highest = heights.max() ?? 0
        return heights.map { theme.glyphs.bar(highest > 0 ? $0 / highest : 0) }.joined()
    }
}

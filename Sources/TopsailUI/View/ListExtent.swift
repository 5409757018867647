import TerminalKit

/// Says that a list goes on above or below what is on show.
enum ListExtent {
    /// `1–4 of 5`; `nil` where all rows are on show.
    static func words(_ cursor: ListCursor, count: Int, height: Int) -> String? {
        let shown = cursor.visible(count: count, height: height)
        guard shown.count < count, !shown.isEmpty else { return nil }
        return "\(Figures.count(shown.lowerBound + 1))–\(Figures.count(shown.upperBound)) of \(Figures.count(count))"
    }
}

import Foundation

/// Figures in texts for people.
enum ExportFigures {
    static func activation(_ value: Float?) -> String {
        value.map { abs($0) >= 100 ? String(format: "%.0f", $0) : String(format: "%.2f", $0) } ?? "—"
    }

    static func score(_ value: Double?) -> String { value.map { String(format: "%.3f", $0) } ?? "—" }

    /// A share as per cent.
    static func percent(_ value: Double?) -> String { value.map { String(format: "%.3g %%", $0 * 100) } ?? "—" }
}

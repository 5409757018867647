import TerminalKit
import TopsailCore

/// Lines of columns for people: each column as wide as its widest entry.
enum Columns {
    /// - Parameters:
    ///   - rows: Texts from data are made harmless here.
    ///   - rightAligned: Columns of numbers.
    static func print(_ rows: [[String]], rightAligned: Set<Int> = []) {
        let rows = rows.map { $0.map { PrintableText.printable($0) } }
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { column < $0.count ? DisplayWidth.of($0[column]) : 0 }.max() ?? 0
        }
        for row in rows {
            let cells = row.enumerated().map { column, text in
                let blanks = String(repeating: " ", count: widths[column] - DisplayWidth.of(text))
                return rightAligned.contains(column) ? blanks + text : text + blanks
            }
            let line = cells.joined(separator: "  ")
            StandardOutput.line(String(line.reversed().drop { $0 == " " }.reversed()))
        }
    }
}

/// Numbers for people.
enum Figures {
    /// Three decimals; a dash for a value that is absent.
    static func short(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "–" }
        let scaled = (value.magnitude * 1000).rounded()
        guard scaled < 1e15 else { return "\(value)" }
        let (whole, part) = Int(scaled).quotientAndRemainder(dividingBy: 1000)
        let digits = String(part)
        return (value < 0 && scaled > 0 ? "-" : "") + "\(whole)." + String(repeating: "0", count: 3 - digits.count)
            + digits
    }

    static func short(_ value: Float?) -> String { short(value.map(Double.init)) }

    /// `★★★★☆`; a dash where there is no rating.
    static func stars(_ rating: Int?) -> String {
        guard let rating, (0...5).contains(rating) else { return "–" }
        return String(repeating: "★", count: rating) + String(repeating: "☆", count: 5 - rating)
    }

    /// A share as per cent: `0.42 %`.
    static func percent(_ share: Double?) -> String {
        guard let share, share.isFinite else { return "–" }
        return "\((share * 10_000).rounded() / 100) %"
    }

    /// `93 MB`.
    static func size(_ bytes: Int) -> String {
        var value = Double(bytes)
        for unit in ["bytes", "KB", "MB"] {
            if value < 1000 { return unit == "bytes" ? "\(bytes) bytes" : "\(oneDecimal(value)) \(unit)" }
            value /= 1000
        }
        return "\(oneDecimal(value)) GB"
    }

    private static func oneDecimal(_ value: Double) -> String {
        value >= 10 ? "\(Int(value.rounded()))" : "\((value * 10).rounded() / 10)"
    }

    /// `12.3 ms`, `1.2 s`.
    static func time(_ duration: Duration) -> String {
        let seconds = duration.inSeconds
        return seconds < 1 ? "\((seconds * 10_000).rounded() / 10) ms" : "\((seconds * 10).rounded() / 10) s"
    }
}

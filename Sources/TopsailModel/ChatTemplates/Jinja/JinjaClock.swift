import Foundation

/// The date that templates may write, formatted as C's `strftime` does in the C locale.
struct JinjaClock {
    let now: Date
    let timeZone: TimeZone

    /// - Throws: For a directive that is not known.
    func formatted(_ format: String) throws -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        calendar.locale = Locale(identifier: "en_US_POSIX")
        let parts = calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second, .nanosecond, .weekday, .dayOfYear], from: now)
        return try filled(format, parts)
    }

    private static let days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    private func filled(_ format: String, _ date: DateComponents) throws -> String {
        var result = ""
        var rest = Substring(format)
        while let character = rest.popFirst() {
            guard character == "%" else {
                result.append(character)
                continue
            }
            var flag: Character?
            if let first = rest.first, "-_0^".contains(first) { flag = rest.removeFirst() }
            guard let directive = rest.popFirst() else {
                result += "%" + (flag.map { String($0) } ?? "")
                break
            }
            result += try field(directive, flag, date)
        }
        return result
    }

    private func field(_ directive: Character, _ flag: Character?, _ date: DateComponents) throws -> String {
        func padded(_ value: Int, _ width: Int, _ fill: Character = "0") -> String {
            if flag == "-" { return "\(value)" }
            let fill = flag == "_" ? " " : flag == "0" ? "0" : fill
            return String(repeating: fill, count: max(0, width - "\(value)".count)) + "\(value)"
        }
        func cased(_ text: String) -> String { flag == "^" ? text.uppercased() : text }
        let (weekday, hour) = (date.weekday! - 1, date.hour!)
        switch directive {
        case "d": return padded(date.day!, 2)
        case "e": return padded(date.day!, 2, " ")
        case "m": return padded(date.month!, 2)
        case "Y": return padded(date.year!, 4)
        case "y": return padded(date.year! % 100, 2)
        case "C": return padded(date.year! / 100, 2)
        case "H": return padded(hour, 2)
        case "I": return padded((hour + 11) % 12 + 1, 2)
        case "M": return padded(date.minute!, 2)
        case "S": return padded(date.second!, 2)
        case "f": return padded(date.nanosecond! / 1000, 6)
        case "j": return padded(date.dayOfYear!, 3)
        case "w": return "\(weekday)"
        case "u": return "\(weekday == 0 ? 7 : weekday)"
        case "U": return padded((date.dayOfYear! + 6 - weekday) / 7, 2)
        case "W": return padded((date.dayOfYear! + 6 - (weekday + 6) % 7) / 7, 2)
        case "A": return cased(Self.days[weekday])
        case "a": return cased(String(Self.days[weekday].prefix(3)))
        case "B": return cased(Self.months[date.month! - 1])
        case "b", "h": return cased(String(Self.months[date.month! - 1].prefix(3)))
        case "p": return hour < 12 ? "AM" : "PM"
        // The date has no zone in Python.
        case "z", "Z": return ""
        case "n": return "\n"
        case "t": return "\t"
        case "%": return "%"
        default:
            guard let parts = Self.composed[directive] else {
                throw JinjaFailure.unsupported("%\(directive) in a date")
            }
            return try filled(parts, date)
        }
    }

    private static let composed: [Character: String] = [
        "F": "%Y-%m-%d", "T": "%H:%M:%S", "X": "%H:%M:%S", "R": "%H:%M", "D": "%m/%d/%y", "x": "%m/%d/%y",
        "c": "%a %b %e %H:%M:%S %Y", "r": "%I:%M:%S %p",
    ]
}

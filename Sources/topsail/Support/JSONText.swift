/// A JSON value to print: keys in the order they are given, absent values as `null`, floats with the fewest digits that read
/// back as the same number.
indirect enum JSONText {
    case null
    case bool(Bool)
    case int(Int)
    case unsigned(UInt64)
    case float(Float)
    case double(Double)
    case string(String)
    case array([JSONText])
    case object([(String, JSONText)])
}

extension JSONText: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (String, JSONText)...) { self = .object(elements) }
}

/// Something with a JSON form, so that values can be listed without naming their case.
protocol JSONConvertible {
    var jsonText: JSONText { get }
}

extension JSONText: JSONConvertible { var jsonText: JSONText { self } }
extension Bool: JSONConvertible { var jsonText: JSONText { .bool(self) } }
extension Int: JSONConvertible { var jsonText: JSONText { .int(self) } }
extension Int32: JSONConvertible { var jsonText: JSONText { .int(Int(self)) } }
extension Float: JSONConvertible { var jsonText: JSONText { .float(self) } }
extension Double: JSONConvertible { var jsonText: JSONText { .double(self) } }
extension String: JSONConvertible { var jsonText: JSONText { .string(self) } }
extension Optional: JSONConvertible where Wrapped: JSONConvertible {
    var jsonText: JSONText { self?.jsonText ?? .null }
}
extension Array: JSONConvertible where Element: JSONConvertible {
    var jsonText: JSONText { .array(map(\.jsonText)) }
}

extension JSONText {
    /// An object; each value is anything with a JSON form.
    static func object(_ members: KeyValuePairs<String, any JSONConvertible>) -> JSONText {
        .object(members.map { ($0.key, $0.value.jsonText) })
    }

    /// The value on one line.
    var line: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .int(let value): text += "\(value)"
        case .unsigned(let value): text += "\(value)"
        // JSON has no infinity and no NaN.
        case .float(let value): text += value.isFinite ? "\(value)" : "null"
        case .double(let value): text += value.isFinite ? "\(value)" : "null"
        case .string(let value): Self.quote(value, into: &text)
        case .array(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += "," }
                value.write(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                Self.quote(member.0, into: &text)
                text += ":"
                member.1.write(to: &text)
            }
            text += "}"
        }
    }

    /// Escapes what JSON asks for, and whatever could act on a terminal or end a line for some readers.
    private static func quote(_ value: String, into text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where isEscaped(scalar.value): text += escape(scalar.value)
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    /// Controls, bidirectional controls, line and paragraph separators; all below U+10000.
    private static func isEscaped(_ value: UInt32) -> Bool {
        switch value {
        case 0..<0x20, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    private static func escape(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}

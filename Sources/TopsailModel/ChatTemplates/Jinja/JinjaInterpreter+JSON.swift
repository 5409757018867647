// The filter `tojson` as transformers defines it: Python's `json.dumps` with code points beyond ASCII as they are.

extension JinjaInterpreter {
    func toJSON(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let bound = try arguments.bound(["ensure_ascii", "indent", "separators", "sort_keys"], to: "tojson")
        var style = JSONStyle()
        style.isASCII = try bound[0].map { try truth($0) } ?? false
        switch bound[1] {
        case nil, .some(.none): break
        case .string(let text)?: style.indentation = text.scalars
        case let width?:
            guard let count = width.integer, count <= 1000 else {
                throw JinjaFailure.failed("an indent is a number or a text")
            }
            style.indentation = Array(repeating: " ", count: max(0, count))
        }
        if style.indentation != nil { style.itemSeparator = "," }
        if let separators = bound[2], !isNone(separators) {
            let two = try elements(of: separators).map { try print($0).text }
            guard two.count == 2 else { throw JinjaFailure.failed("separators are two texts") }
            (style.itemSeparator, style.keySeparator) = (two[0], two[1])
        }
        style.sortsKeys = try bound[3].map { try truth($0) } ?? false
        var writer = JSONWriter(style: style, interpreter: self)
        try writer.write(value, level: 0)
        return try string(PythonString(writer.result))
    }
}

private struct JSONStyle {
    var isASCII = false
    var indentation: [Unicode.Scalar]?
    var itemSeparator = ", "
    var keySeparator = ": "
    var sortsKeys = false
}

private struct JSONWriter {
    let style: JSONStyle
    let interpreter: JinjaInterpreter
    var result: [Unicode.Scalar] = []

    mutating func write(_ value: JinjaValue, level: Int) throws {
        try interpreter.charge()
        guard result.count <= JinjaLimits.textLength else { throw JinjaFailure.limit("a text is too long") }
        switch value {
        case .none: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .int(let value): append(String(value))
        case .float(let value): append(number(value))
        case .string(let text): quote(text)
        case .list(let items), .tuple(let items):
            try group("[", "]", items.elements, level) { writer, element in try writer.write(element, level: level + 1)
            }
        case .dict(let dict):
            try group("{", "}", try members(dict), level) { writer, member in
                writer.quote(member.name)
                writer.append(writer.style.keySeparator)
                try writer.write(member.value, level: level + 1)
            }
        default: throw JinjaFailure.failed("\(value.typeName) has no form in JSON")
        }
    }

    private mutating func append(_ text: String) { result += text.unicodeScalars }

    private func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return PythonNumber.text(of: value)
    }

    private mutating func group<Element>(
        _ open: String, _ close: String, _ elements: [Element], _ level: Int,
        _ body: (inout JSONWriter, Element) throws -> Void
    ) throws {
        append(open)
        for (place, element) in elements.enumerated() {
            if place > 0 { append(style.itemSeparator) }
            breakLine(level + 1)
            try body(&self, element)
        }
        if !elements.isEmpty { breakLine(level) }
        append(close)
    }

    private mutating func breakLine(_ level: Int) {
        guard let indentation = style.indentation else { return }
        append("\n")
        for _ in 0..<level { result += indentation }
    }

    // MARK: Members

    private func members(_ dict: JinjaDict) throws -> [(name: PythonString, value: JinjaValue)] {
        var pairs = dict.pairs
        if style.sortsKeys {
            let places = try interpreter.filter(
                "sort", .list(pairs.map(\.key)), JinjaCallArguments(keywords: [("case_sensitive", .bool(true))]))
            pairs = try interpreter.elements(of: places).compactMap { key in
                JinjaKey(key).flatMap { dict[$0] }.map { (key, $0) }
            }
        }
        return try pairs.map { (try name($0.key), $0.value) }
    }

    private func name(_ key: JinjaValue) throws -> PythonString {
        switch key {
        case .string(let text): text
        case .none: "null"
        case .bool(let value): value ? "true" : "false"
        case .int(let value): PythonString(String(value))
        case .float(let value): PythonString(number(value))
        default: throw JinjaFailure.failed("\(key.typeName) cannot be a key in JSON")
        }
    }

    // MARK: Texts

    private static let short: [Unicode.Scalar: String] = [
        "\"": "\\\"", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u{08}": "\\b", "\u{0C}": "\\f",
    ]

    private mutating func quote(_ text: PythonString) {
        append("\"")
        for scalar in text.scalars {
            if let short = Self.short[scalar] {
                append(short)
            } else if scalar.value < 0x20 || (style.isASCII && !scalar.isASCII) {
                for unit in String(Character(scalar)).utf16 { append(Self.escape(unit)) }
            } else {
                result.append(scalar)
            }
        }
        append("\"")
    }

    private static func escape(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}

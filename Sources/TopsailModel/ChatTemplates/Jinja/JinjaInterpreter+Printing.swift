// `str` and `repr`.

extension JinjaInterpreter {
    /// The text that a value prints as.
    func print(_ value: JinjaValue) throws -> PythonString {
        switch value {
        case .undefined: return ""
        case .string(let text): return text
        default: return PythonString(try represent(value))
        }
    }

    /// The text that Python's `repr` gives.
    func represent(_ value: JinjaValue) throws -> String {
        try charge()
        switch value {
        case .undefined: return "Undefined"
        case .none: return "None"
        case .bool(let value): return value ? "True" : "False"
        case .int(let value): return String(value)
        case .float(let value): return PythonNumber.text(of: value)
        case .string(let text): return text.isMarkup ? "Markup(\(quoted(text)))" : quoted(text)
        case .list(let items): return "[\(try representAll(items.elements))]"
        case .tuple(let items):
            return "(\(try representAll(items.elements))\(items.elements.count == 1 ? "," : ""))"
        case .dict(let dict):
            let pairs = try dict.pairs.map { "\(try represent($0.key)): \(try represent($0.value))" }
            return "{\(pairs.joined(separator: ", "))}"
        case .range(let range):
            return "range(\(range.start), \(range.stop)\(range.step == 1 ? "" : ", \(range.step)"))"
        case .view(let view): return "\(view.kind.rawValue)([\(try representAll(try view.elements()))])"
        case .macro(let closure): return "<Macro \(quoted(PythonString(closure.macro.name)))>"
        case .loop(let loop): return "<LoopContext \(loop.index0 + 1)/\(try loop.length())>"
        case .iterator, .namespace, .function, .method: throw JinjaFailure.unsupported("printing a \(value.typeName)")
        }
    }

    private func representAll(_ values: [JinjaValue]) throws -> String {
        try values.map { try represent($0) }.joined(separator: ", ")
    }

    /// A text between the quotes that need fewer escapes.
    private func quoted(_ text: PythonString) -> String {
        let quote: Unicode.Scalar = text.scalars.contains("'") && !text.scalars.contains("\"") ? "\"" : "'"
        var result = String.UnicodeScalarView([quote])
        for scalar in text.scalars {
            switch scalar {
            case quote, "\\": result.append(contentsOf: ["\\", scalar])
            case "\n": result.append(contentsOf: "\\n".unicodeScalars)
            case "\r": result.append(contentsOf: "\\r".unicodeScalars)
            case "\t": result.append(contentsOf: "\\t".unicodeScalars)
            case _ where scalar.isPythonPrintable: result.append(scalar)
            default: result.append(contentsOf: StringEscapes.escape(scalar).unicodeScalars)
            }
        }
        result.append(quote)
        return String(result)
    }
}

/// Numbers as Python writes and reads them.
enum PythonNumber {
    /// The shortest digits that give the number again; an exponent below 1e-4 and from 1e16 on.
    static func text(of value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        if value == 0 { return value.sign == .minus ? "-0.0" : "0.0" }
        let (digits, exponent) = shortest(value.magnitude)
        return (value < 0 ? "-" : "") + layOut(digits, exponent)
    }

    /// Digits with a point after the first, and the power of ten.
    private static func shortest(_ value: Double) -> (digits: [Character], exponent: Int) {
        let parts = "\(value)".split(separator: "e")
        let mantissa = parts[0].split(separator: ".")
        var digits = Array(mantissa.joined())
        var exponent = (parts.count > 1 ? Int(parts[1])! : 0) + mantissa[0].count - 1
        while digits.count > 1, digits.first == "0" {
            digits.removeFirst()
            exponent -= 1
        }
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        return (digits, exponent)
    }

    private static func layOut(_ digits: [Character], _ exponent: Int) -> String {
        guard (-4..<16).contains(exponent) else {
            let fraction = digits.count > 1 ? "." + String(digits[1...]) : ""
            let power = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
            return "\(digits[0])\(fraction)e\(exponent < 0 ? "-" : "+")\(power)"
        }
        if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + String(digits) }
        let whole = exponent + 1
        guard digits.count > whole else {
            return String(digits) + String(repeating: "0", count: whole - digits.count) + ".0"
        }
        return String(digits[..<whole]) + "." + String(digits[whole...])
    }

    /// `int(text, base)`; `nil` where Python refuses.
    static func integer(_ text: PythonString, base: Int) -> Int? {
        var digits = text.stripped().text.lowercased()
        let isNegative = digits.hasPrefix("-")
        if isNegative || digits.hasPrefix("+") { digits.removeFirst() }
        var base = base
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)]
        where digits.hasPrefix(prefix) && (base == radix || base == 0) {
            digits.removeFirst(2)
            if digits.hasPrefix("_") { digits.removeFirst() }
            base = radix
        }
        if base == 0 { base = 10 }
        guard (2...36).contains(base), let plain = withoutUnderscores(digits), !plain.hasPrefix("+"),
            !plain.hasPrefix("-")
        else { return nil }
        return Int((isNegative ? "-" : "") + plain, radix: base)
    }

    /// `float(text)`; `nil` where Python refuses.
    static func float(_ text: PythonString) -> Double? {
        let stripped = text.stripped().text
        guard let plain = withoutUnderscores(stripped), !plain.lowercased().contains("x"), !plain.contains("("),
            plain.unicodeScalars.allSatisfy(\.isASCII)
        else { return nil }
        if let value = Double(plain) { return value }
        // ".5" and "5." are numbers to Python.
        let sign = plain.hasPrefix("-") || plain.hasPrefix("+") ? String(plain.first!) : ""
        let rest = plain.dropFirst(sign.count)
        guard rest.contains(where: \.isNumber), let point = rest.firstIndex(of: ".") else { return nil }
        let fraction = rest[rest.index(after: point)...]
        let needsZero = fraction.first.map { !$0.isNumber } ?? true
        guard point != rest.startIndex || !needsZero else { return nil }
        let whole = rest[..<point].isEmpty ? "0" : String(rest[..<point])
        return Double(sign + whole + "." + (needsZero ? "0" : "") + fraction)
    }

    /// Single underscores between digits are left out.
    private static func withoutUnderscores(_ text: String) -> String? {
        guard text.contains("_") else { return text.isEmpty ? nil : text }
        let characters = Array(text)
        for (place, character) in characters.enumerated() where character == "_" {
            guard place > 0, place + 1 < characters.count, characters[place - 1].isHexDigit,
                characters[place + 1].isHexDigit
            else { return nil }
        }
        return text.filter { $0 != "_" }
    }
}

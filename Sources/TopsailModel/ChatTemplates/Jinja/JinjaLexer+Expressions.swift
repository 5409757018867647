// Tokens inside `{{ }}` and `{% %}`.

extension JinjaLexer {
    mutating func expressionToken() throws -> JinjaToken.Kind {
        let first = source[place]
        if let number = try numberToken() { return number }
        if first == "_" || first.properties.isXIDContinue { return try nameToken() }
        if first == "'" || first == "\"" { return .string(try stringToken(first)) }
        return .op(try operatorToken())
    }

    private mutating func nameToken() throws -> JinjaToken.Kind {
        let name = source[place...].prefix { $0 == "_" || $0.properties.isXIDContinue }
        guard name.first == "_" || name.first!.properties.isXIDStart else {
            throw JinjaFailure.syntax(line: line, "a name cannot begin with \(name.first!)")
        }
        place = name.endIndex
        return .name(PythonString(name).text)
    }

    // MARK: Operators

    private static let pairs = ["//", "**", "==", "!=", ">=", "<="]
    private static let singles = Set("+-/*%~[](){}><=.:|,;".unicodeScalars)
    private static let closing = ["(": ")", "[": "]", "{": "}"]

    private mutating func operatorToken() throws -> String {
        if let pair = Self.pairs.first(where: { matches($0, at: place) }) {
            place += 2
            return pair
        }
        let symbol = source[place]
        guard Self.singles.contains(symbol) else {
            throw JinjaFailure.syntax(line: line, "unexpected character \(symbol)")
        }
        place += 1
        let text = String(Character(symbol))
        if let closing = Self.closing[text] {
            openBrackets.append(closing)
        } else if ")]}".unicodeScalars.contains(symbol) {
            guard openBrackets.popLast() == text else { throw JinjaFailure.syntax(line: line, "unexpected \(text)") }
        }
        return text
    }

    // MARK: Numbers

    private func isDigit(_ at: Int, radix: UInt32 = 10) -> Bool {
        guard at < source.count, let digit = Int(String(Character(source[at])), radix: 16), source[at].isASCII else {
            return false
        }
        return digit < radix
    }

    /// The end of digits that single underscores may separate.
    private func digitsEnd(_ start: Int, radix: UInt32 = 10) -> Int? {
        guard isDigit(start, radix: radix) else { return nil }
        var end = start + 1
        while isDigit(end, radix: radix) || (end < source.count && source[end] == "_" && isDigit(end + 1, radix: radix))
        {
            end += 1
        }
        return end
    }

    private mutating func numberToken() throws -> JinjaToken.Kind? {
        guard isDigit(place) else { return nil }
        if let end = floatEnd() { return .float(Double(takeDigits(to: end)) ?? .infinity) }
        for (prefix, radix) in [("b", 2), ("o", 8), ("x", 16)] as [(Unicode.Scalar, UInt32)]
        where source[place] == "0" && place + 2 < source.count
            && source[place + 1].properties.lowercaseMapping == String(Character(prefix))
        {
            let start = source[place + 2] == "_" ? place + 3 : place + 2
            guard let end = digitsEnd(start, radix: radix) else { continue }
            let text = takeDigits(to: end).dropFirst(2)
            return .integer(try integer(String(text), radix: Int(radix)))
        }
        let end = source[place] == "0" ? zerosEnd() : digitsEnd(place)!
        return .integer(try integer(takeDigits(to: end), radix: 10))
    }

    private func zerosEnd() -> Int {
        var end = place + 1
        while true {
            if end < source.count, source[end] == "0" {
                end += 1
            } else if end + 1 < source.count, source[end] == "_", source[end + 1] == "0" {
                end += 2
            } else {
                return end
            }
        }
    }

    /// The end of a number with a fraction or an exponent.
    private func floatEnd() -> Int? {
        if place > 0, source[place - 1] == "." { return nil }
        guard let whole = digitsEnd(place) else { return nil }
        var end = whole
        if end < source.count, source[end] == ".", let fraction = digitsEnd(end + 1) { end = fraction }
        if end < source.count, source[end] == "e" || source[end] == "E" {
            let hasSign = end + 1 < source.count && (source[end + 1] == "+" || source[end + 1] == "-")
            if let exponent = digitsEnd(end + (hasSign ? 2 : 1)) { end = exponent }
        }
        return end > whole ? end : nil
    }

    private mutating func takeDigits(to end: Int) -> String {
        defer { place = end }
        return PythonString(source[place..<end].filter { $0 != "_" }).text
    }

    private func integer(_ text: String, radix: Int) throws -> Int {
        guard let value = Int(text, radix: radix) else {
            throw JinjaFailure.syntax(line: line, "the number \(text) is too large")
        }
        return value
    }

    // MARK: Strings

    private mutating func stringToken(_ quote: Unicode.Scalar) throws -> PythonString {
        var end = place + 1
        while end < source.count, source[end] != quote { end += source[end] == "\\" ? 2 : 1 }
        guard end < source.count else { throw JinjaFailure.syntax(line: line, "the string is not closed") }
        let body = Array(source[place + 1..<end])
        let started = line
        countLines(source[place..<end])
        place = end + 1
        guard body.contains("\\") else { return PythonString(body) }
        var escapes = StringEscapes(body, line: started)
        return try escapes.resolved()
    }
}

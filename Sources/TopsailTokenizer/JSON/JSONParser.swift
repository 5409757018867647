import TopsailFiles

/// Fills the list of values of a `JSONDocument`.
struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0
    private var values: [JSONDocument.Value] = []
    private static let deepest = 64

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        values.reserveCapacity(bytes.count / 12)
    }

    mutating func parse() throws(JSONSyntaxError) -> [JSONDocument.Value] {
        try parseValue(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw error("something after the end of the value") }
        return values
    }

    private mutating func parseValue(depth: Int) throws(JSONSyntaxError) {
        guard depth < Self.deepest else { throw error("nesting deeper than \(Self.deepest)") }
        skipSpace()
        guard let byte = peek() else { throw error("the end of the text where a value should be") }
        switch byte {
        case UInt8(ascii: "{"): try parseObject(depth: depth)
        case UInt8(ascii: "["): try parseArray(depth: depth)
        case UInt8(ascii: "\""): try parseString()
        case UInt8(ascii: "t"): try parseWord("true", .true)
        case UInt8(ascii: "f"): try parseWord("false", .false)
        case UInt8(ascii: "n"): try parseWord("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try parseNumber()
        default: throw error("something that is not a value")
        }
    }

    private mutating func parseObject(depth: Int) throws(JSONSyntaxError) {
        let object = open(.object)
        guard !take(closing: "}") else { return close(object) }
        repeat {
            skipSpace()
            guard peek() == UInt8(ascii: "\"") else { throw error("a member without a name") }
            try parseString()
            skipSpace()
            guard take(":") else { throw error("a member without a colon") }
            try parseValue(depth: depth + 1)
            skipSpace()
        } while take(",")
        guard take("}") else { throw error("an object that is not closed") }
        close(object)
    }

    private mutating func parseArray(depth: Int) throws(JSONSyntaxError) {
        let array = open(.array)
        guard !take(closing: "]") else { return close(array) }
        repeat {
            try parseValue(depth: depth + 1)
            skipSpace()
        } while take(",")
        guard take("]") else { throw error("an array that is not closed") }
        close(array)
    }

    private mutating func parseString() throws(JSONSyntaxError) {
        position += 1
        let start = position
        var kind = JSONNode.Kind.string
        while let byte = peek(), byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw error("a control character in a string") }
            position += 1
            if byte == UInt8(ascii: "\\") {
                kind = .escapedString
                try parseEscape()
            }
        }
        guard take("\"") else { throw error("a string that is not closed") }
        append(kind, start..<position - 1)
    }

    private mutating func parseEscape() throws(JSONSyntaxError) {
        switch peek() {
        case UInt8(ascii: "u"):
            position += 1
            let unit = try parseHexDigits()
            if UTF16.isTrailSurrogate(unit) { throw error("half a surrogate pair") }
            guard UTF16.isLeadSurrogate(unit) else { return }
            guard take("\\"), take("u"), UTF16.isTrailSurrogate(try parseHexDigits()) else {
                throw error("half a surrogate pair")
            }
        case let byte? where JSONEscape.byte(for: byte) != nil: position += 1
        default: throw error("an unknown escape")
        }
    }

    private mutating func parseHexDigits() throws(JSONSyntaxError) -> UInt16 {
        guard position + 4 <= bytes.count, let unit = JSONEscape.unit(bytes[position..<position + 4]) else {
            throw error("an escape without four hexadecimal digits")
        }
        position += 4
        return unit
    }

    private mutating func parseNumber() throws(JSONSyntaxError) {
        let start = position
        _ = take("-")
        if !take("0") { try parseDigits() }
        if take(".") { try parseDigits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try parseDigits()
        }
        append(.number, start..<position)
    }

    private mutating func parseDigits() throws(JSONSyntaxError) {
        let start = position
        while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw error("a number without digits") }
    }

    private mutating func parseWord(_ word: StaticString, _ kind: JSONNode.Kind) throws(JSONSyntaxError) {
        let end = position + word.utf8CodeUnitCount
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard end <= bytes.count, bytes[position..<end].elementsEqual(expected) else {
            throw error("something that is not a value")
        }
        append(kind, position..<end)
        position = end
    }

    // MARK: Values

    private mutating func open(_ kind: JSONNode.Kind) -> Int {
        position += 1
        append(kind, position..<position)
        return values.count - 1
    }

    private mutating func close(_ index: Int) { values[index].next = UInt32(values.count) }

    private mutating func append(_ kind: JSONNode.Kind, _ range: Range<Int>) {
        values.append(
            JSONDocument.Value(
                kind: kind, start: UInt32(range.lowerBound), end: UInt32(range.upperBound),
                next: UInt32(values.count + 1)))
    }

    // MARK: Bytes

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ expected: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: expected) else { return false }
        position += 1
        return true
    }

    private mutating func take(closing expected: Unicode.Scalar) -> Bool {
        skipSpace()
        return take(expected)
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func error(_ problem: String) -> JSONSyntaxError { JSONSyntaxError(offset: position, problem: problem) }
}

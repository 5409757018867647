/// A strict pull parser for the small JSON of safetensors headers: objects, texts and arrays of whole numbers.
///
/// Unlike a general JSON reader it hands over each entry of an object, so that a repeated name is seen, and it builds
/// nothing but what its caller keeps. Nesting is bounded by the caller's own calls.
struct JSONScanner {
    private let bytes: UnsafeRawBufferPointer
    let path: String
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer, path: String) {
        self.bytes = bytes
        self.path = path
    }

    /// Reads an object and calls `entry` after each name; it must read the value.
    mutating func readObject(
        _ entry: (String, inout JSONScanner) throws(FileFormatError) -> Void
    ) throws(FileFormatError) {
        try expect("{")
        guard !accept("}") else { return }
        repeat {
            let name = try readString()
            try expect(":")
            try entry(name, &self)
        } while accept(",")
        try expect("}")
    }

    mutating func readIntegers() throws(FileFormatError) -> [UInt64] {
        var values: [UInt64] = []
        try expect("[")
        guard !accept("]") else { return [] }
        repeat { values.append(try readInteger()) } while accept(",")
        try expect("]")
        return values
    }

    mutating func readString() throws(FileFormatError) -> String {
        try expect("\"")
        var text: [UInt8] = []
        while let byte = next() {
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else { throw error("a text is not UTF-8") }
                return string
            case UInt8(ascii: "\\"): text.append(contentsOf: try readEscape())
            case 0..<0x20: throw error("a text holds a bare control character")
            default: text.append(byte)
            }
        }
        throw error("a text does not end")
    }

    /// Only white space may follow.
    mutating func expectEnd() throws(FileFormatError) {
        skipSpace()
        if position < bytes.count { throw error("something follows the header's object") }
    }

    func error(_ what: String) -> FileFormatError {
        FileFormatError(path: path, place: "header byte \(position)", reason: .corrupt(what))
    }
}

// MARK: Numbers and escapes

extension JSONScanner {
    private mutating func readInteger() throws(FileFormatError) -> UInt64 {
        skipSpace()
        let start = position
        var value: UInt64 = 0
        while position < bytes.count, case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10 {
            let (tens, first) = value.multipliedReportingOverflow(by: 10)
            let (sum, second) = tens.addingReportingOverflow(UInt64(digit))
            if first || second {
                throw FileFormatError(
                    path: path, place: "header byte \(start)",
                    reason: .outOfRange("the number is past what can be held"))
            }
            value = sum
            position += 1
        }
        guard position > start else { throw error("a whole number is expected") }
        return value
    }

    private mutating func readEscape() throws(FileFormatError) -> [UInt8] {
        let letter = next()
        if let plain = letter.flatMap({ JSONEscape.byte(for: $0) }) { return [plain] }
        guard letter == UInt8(ascii: "u") else { throw error("a text holds an unknown escape") }
        return try readUnicodeEscape()
    }

    /// After `\u`: one UTF-16 unit, or two that make up a character.
    private mutating func readUnicodeEscape() throws(FileFormatError) -> [UInt8] {
        var units = [try readHexUnit()]
        if UTF16.isLeadSurrogate(units[0]), next() == UInt8(ascii: "\\"), next() == UInt8(ascii: "u") {
            units.append(try readHexUnit())
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw error("a text holds half a character") }
        return Array(text.utf8)
    }

    private mutating func readHexUnit() throws(FileFormatError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("\\u needs four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }
}

// MARK: Single bytes

extension JSONScanner {
    private mutating func next() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func accept(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(FileFormatError) {
        guard accept(character) else { throw error("\(character) is expected") }
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }
}

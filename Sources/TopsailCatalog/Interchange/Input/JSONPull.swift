import TopsailFiles

/// Where a text stops being JSON, or is JSON of another shape than expected.
struct JSONPullError: Error {
    /// In bytes from the start of the text.
    var offset: Int
    var problem: String
}

/// Reads JSON value by value, without building a tree: files of gigabytes hold millions of small objects.
///
/// Lenient where other programs are: `NaN` and `Infinity` are numbers that are not finite, numbers may be written as
/// strings and the other way round, `null` stands for any absent value.
struct JSONPull {
    let bytes: UnsafeRawBufferPointer
    var position = 0
    private var depth = 0
    /// Nothing was read yet of the object or array that was opened last.
    private var isFirst = false

    /// Objects and arrays inside each other, at most.
    static let deepest = 128

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    // MARK: Objects and arrays

    /// Steps into an object; its members are then read with `nextName`.
    ///
    /// - Returns: `false` for `null`, which is then read.
    mutating func beginObject() throws(JSONPullError) -> Bool { try begin("{", "an object") }

    /// Steps into an array; its elements are then read as long as `nextElement` says so.
    ///
    /// - Returns: `false` for `null`, which is then read.
    mutating func beginArray() throws(JSONPullError) -> Bool { try begin("[", "a list") }

    /// The name of the next member, whose value has to be read or skipped then; `nil` at the end of the object.
    mutating func nextName() throws(JSONPullError) -> JSONName? {
        guard try next(closing: "}") else { return nil }
        skipSpace()
        guard peek() == UInt8(ascii: "\"") else { throw error("a name is expected") }
        let name = try string()
        skipSpace()
        guard take(":") else { throw error("a colon is expected after a name") }
        isFirst = false
        return name
    }

    /// Whether another element follows, which has to be read or skipped then.
    mutating func nextElement() throws(JSONPullError) -> Bool { try next(closing: "]") }

    /// Nothing but space may follow the value.
    mutating func end() throws(JSONPullError) {
        skipSpace()
        guard position == bytes.count else { throw error("there is something after the end of the value") }
    }

    private mutating func begin(_ mark: Unicode.Scalar, _ what: String) throws(JSONPullError) -> Bool {
        if try takeNull() { return false }
        guard take(mark) else { throw error(position < bytes.count ? "\(what) is expected" : Self.tooShort) }
        depth += 1
        guard depth <= Self.deepest else { throw error("it is nested more than \(Self.deepest) deep") }
        isFirst = true
        return true
    }

    private mutating func next(closing mark: Unicode.Scalar) throws(JSONPullError) -> Bool {
        skipSpace()
        if take(mark) {
            depth -= 1
            isFirst = false
            return false
        }
        if isFirst {
            isFirst = false
            if position >= bytes.count { throw error(Self.tooShort) }
            return true
        }
        guard take(",") else {
            throw error(position < bytes.count ? "a comma or \(mark) is expected" : Self.tooShort)
        }
        return true
    }

    // MARK: Skipping

    /// Reads over any value.
    mutating func skip() throws(JSONPullError) {
        var open = 0
        repeat {
            skipSpace()
            guard let byte = peek() else { throw error(Self.tooShort) }
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                open += 1
                position += 1
                guard depth + open <= Self.deepest else { throw error("it is nested more than \(Self.deepest) deep") }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard open > 0 else { throw error("a value is expected") }
                open -= 1
                position += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                guard open > 0 else { throw error("a value is expected") }
                position += 1
            case UInt8(ascii: "\""): _ = try string()
            default: try skipWord()
            }
        } while open > 0
        isFirst = false
    }

    private mutating func skipWord() throws(JSONPullError) {
        let start = position
        while let byte = peek(), Self.isWord(byte) { position += 1 }
        guard position > start else { throw error("a value is expected") }
    }

    /// Letters, digits, and what numbers hold beside them.
    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    // MARK: Strings

    /// The string at the position, unread escapes and all.
    mutating func string() throws(JSONPullError) -> JSONName {
        position += 1
        let start = position
        var isEscaped = false
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                let part = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
                position += 1
                return JSONName(bytes: part, isEscaped: isEscaped)
            }
            if byte == UInt8(ascii: "\\") {
                isEscaped = true
                position += 1
            }
            position += 1
        }
        position = bytes.count
        throw error(Self.tooShort)
    }

    // MARK: Bytes

    static let tooShort = "the text ends in the middle of a value"

    func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    /// The first byte of the value that comes next.
    mutating func kind() -> UInt8? {
        skipSpace()
        return peek()
    }

    mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: mark) else { return false }
        position += 1
        return true
    }

    /// Reads `null` if it is there.
    mutating func takeNull() throws(JSONPullError) -> Bool {
        skipSpace()
        guard peek() == UInt8(ascii: "n"), position + 4 <= bytes.count, bytes[position + 1] == UInt8(ascii: "u"),
            bytes[position + 2] == UInt8(ascii: "l"), bytes[position + 3] == UInt8(ascii: "l")
        else { return false }
        position += 4
        isFirst = false
        return true
    }

    mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    func error(_ problem: String) -> JSONPullError { JSONPullError(offset: position, problem: problem) }
}

/// A name or text as it stands in the file.
struct JSONName {
    let bytes: UnsafeRawBufferPointer
    let isEscaped: Bool

    static func ~= (pattern: StaticString, name: JSONName) -> Bool {
        guard !name.isEscaped else { return name.text == pattern.description }
        let wanted = UnsafeRawBufferPointer(start: pattern.utf8Start, count: pattern.utf8CodeUnitCount)
        return wanted.count == name.bytes.count && wanted.elementsEqual(name.bytes)
    }

    /// What it says; `nil` when it is not UTF-8 or holds an unknown escape.
    var text: String? {
        if isEscaped { return JSONEscape.bytes(of: bytes).flatMap { String(validating: $0, as: UTF8.self) } }
        return String(validating: bytes, as: UTF8.self)
    }
}

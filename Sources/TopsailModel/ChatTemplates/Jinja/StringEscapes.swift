/// Resolves the escapes of a string literal as Python does.
struct StringEscapes {
    private let source: [Unicode.Scalar]
    private let line: Int
    private var place = 0
    private var result: [Unicode.Scalar] = []

    /// Jinja writes code points beyond ASCII as escapes before it resolves them all, which shows after a backslash.
    init(_ body: [Unicode.Scalar], line: Int) {
        self.line = line
        var isEscaped = false
        source = body.flatMap { scalar -> [Unicode.Scalar] in
            defer { isEscaped = scalar == "\\" && !isEscaped }
            guard isEscaped, !scalar.isASCII else { return [scalar] }
            return Array(Self.escape(scalar).unicodeScalars)
        }
    }

    /// A code point as an escape of its number.
    static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        let (letter, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
        return "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
    }

    mutating func resolved() throws -> PythonString {
        while place < source.count {
            let scalar = source[place]
            place += 1
            if scalar == "\\" { try escape() } else { result.append(scalar) }
        }
        return PythonString(result)
    }

    private static let simple: [Unicode.Scalar: Unicode.Scalar] = [
        "\\": "\\", "'": "'", "\"": "\"", "a": "\u{07}", "b": "\u{08}", "f": "\u{0C}", "n": "\n", "r": "\r", "t": "\t",
        "v": "\u{0B}",
    ]

    private mutating func escape() throws {
        let letter = source[place]
        place += 1
        if let meant = Self.simple[letter] {
            result.append(meant)
        } else if ("0"..."7").contains(letter) {
            place -= 1
            try append(digits: source[place...].prefix(3).prefix { ("0"..."7").contains($0) }, radix: 8)
        } else if let width = ["x": 2, "u": 4, "U": 8][letter] {
            let digits = source[place...].prefix(width).prefix { $0.properties.isASCIIHexDigit }
            guard digits.count == width else { throw fail("the escape \\\(letter) is cut short") }
            try append(digits: digits, radix: 16)
        } else if letter == "N" {
            throw fail("names of characters (\\N) are not supported")
        } else if letter != "\n" {
            result += ["\\", letter]
        }
    }

    private mutating func append(digits: ArraySlice<Unicode.Scalar>, radix: Int) throws {
        place = digits.endIndex
        guard let value = UInt32(PythonString(digits).text, radix: radix), let scalar = Unicode.Scalar(value) else {
            throw fail("an escape stands for no character")
        }
        result.append(scalar)
    }

    private func fail(_ problem: String) -> JinjaFailure { .syntax(line: line, problem) }
}

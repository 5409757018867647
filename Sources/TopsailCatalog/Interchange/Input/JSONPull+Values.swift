// Single values and lists of them, read with the leniency that other programs' files need.

extension JSONPull {
    /// A text, or a number as it is written; `nil` for `null` and for anything else, which is read over.
    mutating func text() throws(JSONPullError) -> String? {
        switch kind() ?? 0 {
        case UInt8(ascii: "\""): return try decoded(string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try word()
        default:
            try skip()
            return nil
        }
    }

    /// A number, also one that is written as a string; `nil` for `null` and for anything else, which is read over. May
    /// be infinite or not a number.
    mutating func number() throws(JSONPullError) -> Double? {
        switch kind() {
        case UInt8(ascii: "\""): return try JSONNumerals.double(string().bytes)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            try skip()
            return nil
        default:
            if try takeNull() { return nil }
            let start = position
            try skip()
            let part = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
            if let value = JSONNumerals.double(part) { return value }
            if part.elementsEqual("true".utf8) || part.elementsEqual("false".utf8) { return nil }
            position = start
            throw error("“\(String(decoding: part.prefix(40), as: UTF8.self))” is not a value")
        }
    }

    /// A number that is finite; `nil` for anything else.
    mutating func finite() throws(JSONPullError) -> Double? {
        guard let value = try number(), value.isFinite else { return nil }
        return value
    }

    /// A number that is finite in single precision; `nil` for anything else.
    mutating func finiteFloat() throws(JSONPullError) -> Float? {
        guard let value = try number().map({ Float($0) }), value.isFinite else { return nil }
        return value
    }

    /// A whole number, also one that is written as a string or with a point; `nil` for anything else.
    mutating func integer() throws(JSONPullError) -> Int? {
        guard let value = try number() else { return nil }
        return Int(exactly: value)
    }

    mutating func bool() throws(JSONPullError) -> Bool? {
        let first = kind()
        try skip()
        return first == UInt8(ascii: "t") ? true : first == UInt8(ascii: "f") ? false : nil
    }

    /// A list of numbers; empty for `null`. What is not a number is NaN.
    mutating func floats() throws(JSONPullError) -> [Float] {
        guard try beginList() else { return [] }
        var values: [Float] = []
        while try nextElement() { values.append(Float(try number() ?? .nan)) }
        return values
    }

    /// A list of texts; empty for `null`. What is no text is empty.
    mutating func texts() throws(JSONPullError) -> [String] {
        guard try beginList() else { return [] }
        var values: [String] = []
        while try nextElement() { values.append(try text() ?? "") }
        return values
    }

    /// Steps into a list; anything else is read over.
    mutating func beginList() throws(JSONPullError) -> Bool {
        guard kind() != UInt8(ascii: "[") else { return try beginArray() }
        try skip()
        return false
    }

    /// Steps into an object; anything else is read over.
    mutating func beginMembers() throws(JSONPullError) -> Bool {
        guard kind() != UInt8(ascii: "{") else { return try beginObject() }
        try skip()
        return false
    }

    private mutating func word() throws(JSONPullError) -> String {
        let start = position
        try skip()
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    func decoded(_ name: JSONName) throws(JSONPullError) -> String {
        guard let text = name.text else { throw error("a text is not UTF-8 or holds an unknown escape") }
        return text
    }
}

/// Numbers as programs write them into JSON.
enum JSONNumerals {
    /// The nearest double; `nil` for what is no number.
    static func double(_ text: UnsafeRawBufferPointer) -> Double? {
        if let value = short(text) { return value }
        guard text.count <= 1024, let first = text.first else { return nil }
        switch first {
        // JSON has no words for these; Python writes them all the same.
        case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "N"), UInt8(ascii: "n"), UInt8(ascii: "I"), UInt8(ascii: "i"):
            return Double(String(decoding: text, as: UTF8.self))
        default: return nil
        }
    }

    /// Numbers of few digits, which one division makes exactly (Clinger 1990).
    private static func short(_ text: UnsafeRawBufferPointer) -> Double? {
        var position = 0
        let isNegative = text.first == UInt8(ascii: "-")
        if isNegative { position = 1 }
        guard text.count - position <= 17, position < text.count else { return nil }
        var digits = 0
        var decimals = -1
        while position < text.count {
            let byte = text[position]
            position += 1
            if byte == UInt8(ascii: "."), decimals < 0 {
                decimals = 0
                continue
            }
            let digit = byte &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            digits = digits &* 10 &+ Int(digit)
            if decimals >= 0 { decimals += 1 }
        }
        guard digits < 1 << 53, decimals != 0 else { return nil }
        let value = decimals > 0 ? Double(digits) / powers[decimals] : Double(digits)
        return isNegative ? -value : value
    }

    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    ]
}

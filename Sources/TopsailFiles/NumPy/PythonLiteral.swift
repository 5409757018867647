/// A reader for the Python literals in npy headers: a dictionary of texts, truth values, whole numbers and flat tuples.
struct PythonLiteral {
    enum Value {
        case text(String)
        case bool(Bool)
        case int(Int)
        case none
        /// A tuple or list.
        case sequence([Value])
    }

    struct Failure: Error {
        let what: String
    }

    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// Structured types nest; nothing that is read here goes deeper.
    private static let deepest = 8

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The whole text as one dictionary; only white space may follow.
    mutating func dictionary() throws -> [String: Value] {
        var entries: [String: Value] = [:]
        try expect("{")
        while !accept("}") {
            guard case .text(let key) = try value(depth: 0) else { throw Failure(what: "a key is a text") }
            try expect(":")
            guard entries.updateValue(try value(depth: 0), forKey: key) == nil else {
                throw Failure(what: "\(key) occurs twice")
            }
            if !accept(",") {
                try expect("}")
                break
            }
        }
        skipSpace()
        guard position == bytes.count else { throw Failure(what: "something follows it") }
        return entries
    }

    private mutating func value(depth: Int) throws -> Value {
        guard depth < Self.deepest else { throw Failure(what: "it nests too deep") }
        skipSpace()
        guard position < bytes.count else { throw Failure(what: "it ends too soon") }
        switch bytes[position] {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "("): return .sequence(try sequence("(", ")", depth))
        case UInt8(ascii: "["): return .sequence(try sequence("[", "]", depth))
        default: return try word()
        }
    }

    private mutating func sequence(_ open: Unicode.Scalar, _ close: Unicode.Scalar, _ depth: Int) throws -> [Value] {
        var values: [Value] = []
        try expect(open)
        while !accept(close) {
            values.append(try value(depth: depth + 1))
            if !accept(",") {
                try expect(close)
                break
            }
        }
        return values
    }

    private mutating func text() throws -> String {
        let quote = bytes[position]
        let start = position + 1
        guard let end = bytes[start...].firstIndex(of: quote) else { throw Failure(what: "a text does not end") }
        position = end + 1
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    private mutating func word() throws -> Value {
        let start = position
        while position < bytes.count, isWord(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        switch text {
        case "True": return .bool(true)
        case "False": return .bool(false)
        case "None": return .none
        default:
            // Python 2 wrote long integers with an L.
            guard let number = Int(text.hasSuffix("L") ? String(text.dropLast()) : text) else {
                throw Failure(what: "a value cannot be read")
            }
            return .int(number)
        }
    }

    private func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "+"):
            true
        default: false
        }
    }

    private mutating func accept(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws {
        guard accept(character) else { throw Failure(what: "\(character) is expected") }
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }
}

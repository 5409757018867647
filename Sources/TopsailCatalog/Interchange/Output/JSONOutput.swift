/// Writes JSON as bytes: members in the order they are given, numbers with the fewest digits that read back as the same
/// number, text as UTF-8.
struct JSONOutput {
    private(set) var bytes: [UInt8] = []
    /// Whether a comma goes before the next member or element.
    private var needsComma = false

    init() {}

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    // MARK: Objects and arrays

    mutating func object(_ body: (inout JSONOutput) throws -> Void) rethrows { try nested("{", "}", body) }

    mutating func array(_ body: (inout JSONOutput) throws -> Void) rethrows { try nested("[", "]", body) }

    mutating func object(_ name: String, _ body: (inout JSONOutput) throws -> Void) rethrows {
        self.name(name)
        try object(body)
    }

    mutating func array<Element>(
        _ name: String, _ elements: some Sequence<Element>, _ body: (inout JSONOutput, Element) throws -> Void
    ) rethrows {
        self.name(name)
        try array { output in for element in elements { try body(&output, element) } }
    }

    /// A list whose elements were written one after the other.
    mutating func list(_ name: String, of elements: JSONOutput) {
        self.name(name)
        array { $0.bytes.append(contentsOf: elements.bytes) }
    }

    private mutating func nested(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONOutput) throws -> Void
    ) rethrows {
        separate()
        bytes.append(UInt8(ascii: open))
        needsComma = false
        try body(&self)
        bytes.append(UInt8(ascii: close))
        needsComma = true
    }

    // MARK: Members

    /// Starts a member; its value comes next.
    mutating func name(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func member(_ name: String, _ value: String?) {
        self.name(name)
        self.value(value)
    }

    mutating func member(_ name: String, _ value: Int?) {
        self.name(name)
        self.value(value)
    }

    mutating func member(_ name: String, _ value: Double?) {
        self.name(name)
        self.value(value)
    }

    mutating func member(_ name: String, _ value: Float?) {
        self.name(name)
        self.value(value)
    }

    mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        raw(value ? "true" : "false")
    }

    // MARK: Values

    mutating func value(_ value: String?) {
        guard let value else { return raw("null") }
        separate()
        quote(value)
        needsComma = true
    }

    mutating func value(_ value: Int?) { raw(value.map { "\($0)" } ?? "null") }

    /// JSON has no infinity and no NaN: those are `null`.
    mutating func value(_ value: Double?) { raw(value.flatMap { $0.isFinite ? "\($0)" : nil } ?? "null") }

    mutating func value(_ value: Float?) { raw(value.flatMap { $0.isFinite ? "\($0)" : nil } ?? "null") }

    private mutating func raw(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
        needsComma = true
    }

    mutating func newline() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    /// Puts bytes between values, for a layout that others expect.
    mutating func verbatim(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        needsComma = false
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    // MARK: Strings

    /// Escapes what JSON asks for, and whatever could act on a terminal or end a line for some readers.
    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            bytes.append(contentsOf: text.utf8)
        } else {
            for scalar in text.unicodeScalars { append(scalar) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": bytes.append(contentsOf: #"\""#.utf8)
        case "\\": bytes.append(contentsOf: #"\\"#.utf8)
        case "\n": bytes.append(contentsOf: #"\n"#.utf8)
        case "\r": bytes.append(contentsOf: #"\r"#.utf8)
        case "\t": bytes.append(contentsOf: #"\t"#.utf8)
        case _ where Self.isEscaped(scalar.value):
            let digits = String(scalar.value, radix: 16)
            bytes.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
        default: bytes.append(contentsOf: UTF8.encode(scalar)!)
        }
    }

    /// Controls, bidirectional controls, line and paragraph separators; all below U+10000.
    private static func isEscaped(_ value: UInt32) -> Bool {
        switch value {
        case 0..<0x20, 0x7F...0x9F, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}

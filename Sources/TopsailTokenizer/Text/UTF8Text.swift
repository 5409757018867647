/// Valid UTF-8 walked by code point, without a `String` or an allocation.
///
/// Positions are byte offsets that lie on the start of a code point or at the end.
package struct UTF8Text {
    package let bytes: UnsafeRawBufferPointer

    /// - Parameter bytes: UTF-8 as `String.withUTF8` gives it; not checked again.
    package init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    package var isEmpty: Bool { bytes.isEmpty }
    package var count: Int { bytes.count }

    package subscript(range: Range<Int>) -> UTF8Text { UTF8Text(UnsafeRawBufferPointer(rebasing: bytes[range])) }

    /// The code point that starts at a position, and the position after it.
    @inline(__always)
    func codePoint(at position: Int) -> (value: UInt32, next: Int) {
        let lead = bytes[position]
        if lead < 0x80 { return (UInt32(lead), position + 1) }
        if lead < 0xE0 { return (UInt32(lead & 0x1F) << 6 | tail(position + 1), position + 2) }
        if lead < 0xF0 {
            return (UInt32(lead & 0x0F) << 12 | tail(position + 1) << 6 | tail(position + 2), position + 3)
        }
        let high = UInt32(lead & 0x07) << 18 | tail(position + 1) << 12
        return (high | tail(position + 2) << 6 | tail(position + 3), position + 4)
    }

    /// The position after the code point that starts at one.
    @inline(__always)
    func next(after position: Int) -> Int { position + Self.length(lead: bytes[position]) }

    /// The start of the code point that ends before a position.
    @inline(__always)
    func start(before position: Int) -> Int {
        var start = position - 1
        while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        return start
    }

    /// How many bytes the code point with this first byte takes.
    @inline(__always)
    static func length(lead: UInt8) -> Int { lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4 }

    /// Whether the text has this one at a position.
    func has(_ other: [UInt8], at position: Int) -> Bool {
        position + other.count <= count && bytes[position..<position + other.count].elementsEqual(other)
    }

    /// Calls `body` with each code point and its range.
    func forEachScalar(_ body: (UInt32, Range<Int>) -> Void) {
        var position = 0
        while position < count {
            let (value, next) = codePoint(at: position)
            body(value, position..<next)
            position = next
        }
    }

    @inline(__always)
    private func tail(_ position: Int) -> UInt32 { UInt32(bytes[position] & 0x3F) }
}

extension [UInt8] {
    /// Calls `body` with these bytes, which have to be UTF-8.
    func withText<Result, Failure: Error>(_ body: (UTF8Text) throws(Failure) -> Result) throws(Failure) -> Result {
        try withUnsafeBufferPointer { (bytes) throws(Failure) in try body(UTF8Text(UnsafeRawBufferPointer(bytes))) }
    }

    /// Appends the UTF-8 of a code point.
    mutating func append(codePoint: UInt32) {
        guard let scalar = Unicode.Scalar(codePoint) else { return }
        append(contentsOf: UTF8.encode(scalar)!)
    }
}

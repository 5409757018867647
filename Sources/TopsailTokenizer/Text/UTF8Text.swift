/// Valid UTF-8 walked by code point, without a `String` or an allocation.
///
/// Positions are byte offsets that lie on the start of a code point or at the end.
package struct UTF8Text {
    package let bytes: UnsafeRawBufferPointer

    /// - Parameter bytes: UTF-8 as `String.withUTF8` gives it; not checked again.
    package init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

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

    /// The start of the code point that ends before a position.
    func start(before position: Int) -> Int {
        var start = position - 1
        while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        return start
    }

    @inline(__always)
    private func tail(_ position: Int) -> UInt32 { UInt32(bytes[position] & 0x3F) }
}

/// What the escapes in JSON strings stand for (RFC 8259 §7).
package enum JSONEscape {
    /// The byte that a one-letter escape stands for; `nil` for `u` and for letters that are no escape.
    package static func byte(for letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// The UTF-16 unit that four hexadecimal digits spell; `nil` for anything else.
    package static func unit(_ digits: some Sequence<UInt8>) -> UInt16? {
        var unit: UInt16 = 0
        var count = 0
        for digit in digits {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue, digit < 0x80 else { return nil }
            unit = unit << 4 | UInt16(value)
            count += 1
        }
        return count == 4 ? unit : nil
    }

    /// The bytes that the inside of a string stands for; half a surrogate pair becomes U+FFFD.
    ///
    /// - Returns: `nil` for an unknown escape.
    package static func bytes(of escaped: UnsafeRawBufferPointer) -> [UInt8]? {
        var output: [UInt8] = []
        output.reserveCapacity(escaped.count)
        var rest = escaped[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                output.append(byte)
                continue
            }
            guard let letter = rest.popFirst() else { return nil }
            if let plain = Self.byte(for: letter) {
                output.append(plain)
            } else if letter == UInt8(ascii: "u"), let scalar = scalar(&rest) {
                output.append(contentsOf: UTF8.encode(scalar)!)
            } else {
                return nil
            }
        }
        return output
    }

    /// The scalar of four digits, or of a surrogate pair, whose second half has an escape of its own.
    private static func scalar(_ rest: inout Slice<UnsafeRawBufferPointer>) -> Unicode.Scalar? {
        guard let unit = unit(rest.prefix(4)) else { return nil }
        rest = rest.dropFirst(4)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard UTF16.isLeadSurrogate(unit), rest.starts(with: Array("\\u".utf8)),
            let trail = self.unit(rest.dropFirst(2).prefix(4)), UTF16.isTrailSurrogate(trail)
        else { return "\u{FFFD}" }
        rest = rest.dropFirst(6)
        return Unicode.Scalar(0x10000 + ((UInt32(unit) - 0xD800) << 10) + (UInt32(trail) - 0xDC00))
    }
}

/// What the escapes in JSON strings stand for (RFC 8259 §7).
enum JSONEscapes {
    /// The text that the inside of a string stands for; half a surrogate pair becomes U+FFFD.
    ///
    /// - Returns: `nil` for an unknown escape, or when it is not UTF-8.
    static func text(_ escaped: UnsafeRawBufferPointer) -> String? {
        var output: [UInt8] = []
        output.reserveCapacity(escaped.count)
        var position = 0
        while position < escaped.count {
            let byte = escaped[position]
            position += 1
            guard byte == UInt8(ascii: "\\") else {
                output.append(byte)
                continue
            }
            guard position < escaped.count else { return nil }
            let letter = escaped[position]
            position += 1
            if letter == UInt8(ascii: "u") {
                guard let scalar = scalar(escaped, &position) else { return nil }
                output.append(contentsOf: UTF8.encode(scalar)!)
            } else {
                guard let plain = plain(letter) else { return nil }
                output.append(plain)
            }
        }
        return String(validating: output, as: UTF8.self)
    }

    private static func plain(_ letter: UInt8) -> UInt8? {
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

    /// The scalar of `XXXX`, or of `XXXX\uXXXX` for a surrogate pair, at `position`.
    private static func scalar(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) -> Unicode.Scalar? {
        guard let unit = unit(bytes, at: position) else { return nil }
        position += 4
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard UTF16.isLeadSurrogate(unit), position + 6 <= bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u"), let trail = self.unit(bytes, at: position + 2),
            UTF16.isTrailSurrogate(trail)
        else { return "\u{FFFD}" }
        position += 6
        return Unicode.Scalar(0x10000 + ((UInt32(unit) - 0xD800) << 10) + (UInt32(trail) - 0xDC00))
    }

    private static func unit(_ bytes: UnsafeRawBufferPointer, at position: Int) -> UInt16? {
        guard position + 4 <= bytes.count else { return nil }
        var unit: UInt16 = 0
        for digit in bytes[position..<position + 4] {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = digit - UInt8(ascii: "A") + 10
            default: return nil
            }
            unit = unit << 4 | UInt16(value)
        }
        return unit
    }
}

/// The printable stand-ins by which byte-level BPE files spell bytes: `Ġ` is a space, `Ċ` a line feed.
///
/// Bytes 33–126, 161–172 and 174–255 stand for themselves as code points; the other 68, in order, for U+0100 and on.
/// Source: `bytes_to_unicode` in OpenAI's GPT-2 `encoder.py`.
package enum ByteAlphabet {
    /// The code point that spells each byte.
    package static let codePoints: [UInt16] = {
        var next: UInt16 = 0x100
        return (0..<256).map { byte in
            switch byte {
            case 33...126, 161...172, 174...255: return UInt16(byte)
            default:
                defer { next += 1 }
                return next
            }
        }
    }()

    /// The byte that each code point spells; -1 for those outside the alphabet.
    private static let bytes: [Int16] = {
        var table = [Int16](repeating: -1, count: Int(codePoints.max()!) + 1)
        for (byte, codePoint) in codePoints.enumerated() { table[Int(codePoint)] = Int16(byte) }
        return table
    }()

    /// Appends the bytes that an entry spells.
    ///
    /// - Parameter entry: The entry's UTF-8, e.g. that of `Ġworld`.
    /// - Returns: `false`, with `output` unchanged, when something in the entry is not in the alphabet.
    package static func appendBytes(
        spelledBy entry: UnsafeRawBufferPointer, to output: inout [UInt8]
    ) -> Bool {
        let start = output.count
        var position = 0
        while position < entry.count {
            let lead = entry[position]
            var codePoint = Int(lead)
            position += 1
            if lead >= 0x80 {
                // The whole alphabet lies below U+0800, so that two bytes are the longest form.
                guard lead & 0xE0 == 0xC0, position < entry.count, entry[position] & 0xC0 == 0x80 else {
                    output.removeSubrange(start...)
                    return false
                }
                codePoint = Int(lead & 0x1F) << 6 | Int(entry[position] & 0x3F)
                position += 1
            }
            guard codePoint < bytes.count, bytes[codePoint] >= 0 else {
                output.removeSubrange(start...)
                return false
            }
            output.append(UInt8(bytes[codePoint]))
        }
        return true
    }

    /// The spelling of bytes, e.g. `Ġworld` for ` world`.
    package static func spelling(of bytes: some Sequence<UInt8>) -> String {
        var scalars = String.UnicodeScalarView()
        for byte in bytes { scalars.append(Unicode.Scalar(codePoints[Int(byte)])!) }
        return String(scalars)
    }

    /// The spelling of each byte as UTF-8, one or two bytes in the low halves of a word, the first lowest.
    private static let encoded: [(first: UInt8, second: UInt8)] = codePoints.map { codePoint in
        codePoint < 0x80
            ? (UInt8(codePoint), 0) : (UInt8(0xC0 | codePoint >> 6), UInt8(0x80 | codePoint & 0x3F))
    }

    /// The UTF-8 of the spelling of bytes.
    static func spelled(_ text: UTF8Text) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count + text.count / 2)
        append(spelling: text, to: &output)
        return output
    }

    static func append(spelling text: UTF8Text, to output: inout [UInt8]) {
        for byte in text.bytes {
            let (first, second) = encoded[Int(byte)]
            output.append(first)
            if second != 0 { output.append(second) }
        }
    }
}

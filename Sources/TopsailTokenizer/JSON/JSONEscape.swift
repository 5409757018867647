/// What the escapes of JSON strings stand for.
enum JSONEscape {
    /// The byte that a one-letter escape stands for.
    static func byte(for letter: UInt8) -> UInt8? {
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

    /// The UTF-16 unit that four hexadecimal digits spell.
    static func unit(_ digits: ArraySlice<UInt8>) -> UInt16? {
        var unit: UInt16 = 0
        for digit in digits {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
            unit = unit << 4 | UInt16(value)
        }
        return unit
    }

    /// Appends the bytes that the inside of a string stands for; its escapes have been checked.
    static func append(_ escaped: ArraySlice<UInt8>, to output: inout [UInt8]) {
        var rest = escaped
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let letter = rest.popFirst() else {
                output.append(byte)
                continue
            }
            if let plain = Self.byte(for: letter) {
                output.append(plain)
                continue
            }
            var units = [unit(rest.prefix(4)) ?? 0]
            rest = rest.dropFirst(4)
            if UTF16.isLeadSurrogate(units[0]) {
                units.append(unit(rest.dropFirst(2).prefix(4)) ?? 0)
                rest = rest.dropFirst(6)
            }
            output.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
        }
    }
}

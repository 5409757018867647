/// Collects the bytes between the two marks of a bracketed paste, exactly, whatever they are.
package struct PasteReader: Sendable {
    package static let endMark = Array("\u{1B}[201~".utf8)

    private var bytes: [UInt8] = []
    /// Bytes of the end mark that the text ends in so far.
    private var matched = 0

    package init() {}

    /// As many bytes as can be read without taking anything that comes after the end mark.
    package var safeCount: Int { Self.endMark.count - matched }

    /// - Returns: Whether the end mark is complete. Nothing may be fed after it.
    package mutating func feed(_ more: some Sequence<UInt8>) -> Bool {
        for byte in more {
            bytes.append(byte)
            // The mark's first byte is found nowhere else in it, so a mismatch can only begin anew.
            matched = byte == Self.endMark[matched] ? matched + 1 : byte == Self.endMark[0] ? 1 : 0
            if matched == Self.endMark.count { return true }
        }
        return false
    }

    /// The text, with the line endings of terminals (`\r`) as `\n`.
    package var text: String {
        let isWhole = matched == Self.endMark.count
        let body = String(decoding: isWhole ? bytes.dropLast(matched) : bytes[...], as: UTF8.self)
        guard body.utf8.contains(0x0D) else { return body }
        var result = String.UnicodeScalarView()
        var afterReturn = false
        for scalar in body.unicodeScalars {
            if !(scalar == "\n" && afterReturn) { result.append(scalar == "\r" ? "\n" : scalar) }
            afterReturn = scalar == "\r"
        }
        return String(result)
    }
}

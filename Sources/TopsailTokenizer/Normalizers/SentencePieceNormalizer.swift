/// What SentencePiece does to a text before it is cut into pieces.
///
/// Source: `Normalizer::Normalize` in SentencePiece's `normalizer.cc`.
package struct SentencePieceNormalizer: Sendable {
    package var map: CharacterMap?
    package var addsDummyPrefix = true
    package var removesExtraWhitespace = true
    package var escapesWhitespace = true
    /// The dummy prefix goes to the end instead.
    package var whitespaceIsSuffix = false

    package static let space: [UInt8] = Array("\u{2581}".utf8)

    package init() {}

    func normalized(_ text: UTF8Text) -> [UInt8] {
        let mark = escapesWhitespace ? Self.space : [0x20]
        var output: [UInt8] = []
        output.reserveCapacity(text.count + text.count / 2)
        var position = removesExtraWhitespace ? endOfLeadingSpaces(text) : 0
        guard position < text.count else { return [] }
        if addsDummyPrefix, !whitespaceIsSuffix { output += mark }
        var followsSpace = removesExtraWhitespace
        while position < text.count {
            let (end, mapped) = next(text, at: position)
            for byte in followsSpace ? mapped.drop(while: { $0 == 0x20 }) : mapped {
                if byte == 0x20 { output += mark } else { output.append(byte) }
                followsSpace = byte == 0x20
            }
            if !removesExtraWhitespace { followsSpace = false }
            position = end
        }
        if removesExtraWhitespace {
            while output.count >= mark.count, output.suffix(mark.count).elementsEqual(mark) {
                output.removeLast(mark.count)
            }
        }
        if addsDummyPrefix, whitespaceIsSuffix { output += mark }
        return output
    }

    private func endOfLeadingSpaces(_ text: UTF8Text) -> Int {
        var position = 0
        while position < text.count {
            let (end, mapped) = next(text, at: position)
            guard mapped == [0x20] else { break }
            position = end
        }
        return position
    }

    /// The next key of the map, or code point, and what it becomes.
    private func next(_ text: UTF8Text, at position: Int) -> (end: Int, mapped: ArraySlice<UInt8>) {
        if let match = map?.longestMatch(in: text, at: position) { return (match.end, match.replacement) }
        let end = text.next(after: position)
        return (end, ArraySlice(text.bytes[position..<end]))
    }
}

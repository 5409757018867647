/// What is done to text before it is split and merged.
package indirect enum Normalizer: Sendable {
    case sequence([Normalizer])
    case form(UnicodeForm)
    case lowercase
    /// Takes out combining marks.
    case stripAccents
    /// Takes white space off the ends.
    case strip(left: Bool, right: Bool)
    case replace(TextPattern, by: [UInt8])
    /// Puts something before every text that is not empty.
    case prepend([UInt8])
    /// Spells every byte in the byte alphabet.
    case byteLevel
    /// A character map compiled by SentencePiece, applied as `tokenizers` does.
    case characterMap(CharacterMap)
    /// All that SentencePiece does to a text.
    case sentencePiece(SentencePieceNormalizer)

    package static let none = Normalizer.sequence([])

    /// The normalised text.
    ///
    /// - Parameter keepsStart: Becomes `false` when what the text began with is gone; then the text no longer stands at
    ///   the start, which `Metaspace` asks for.
    package func normalized(_ text: UTF8Text, keepsStart: inout Bool) -> [UInt8] {
        switch self {
        case .sequence(let parts):
            var bytes = Array(text.bytes)
            for part in parts { bytes = bytes.withText { part.normalized($0, keepsStart: &keepsStart) } }
            return bytes
        case .form(let form): return form.normalized(text)
        case .lowercase: return text.mapped { $0.properties.lowercaseMapping.utf8 }
        case .stripAccents:
            if !text.isEmpty, UnicodeData.isMark(text.codePoint(at: 0).value) { keepsStart = false }
            return text.filtered { !UnicodeData.isMark($0) }
        case .strip(let left, let right):
            let stripped = text.strippedRange(left: left, right: right)
            if stripped.lowerBound > 0 { keepsStart = false }
            return Array(text.bytes[stripped])
        case .replace(let pattern, let content):
            let (bytes, dropsStart) = pattern.replaced(in: text, by: content)
            if dropsStart { keepsStart = false }
            return bytes
        case .prepend(let prefix): return text.isEmpty ? [] : prefix + text.bytes
        case .byteLevel: return ByteAlphabet.spelled(text)
        case .characterMap(let map): return map.normalizedByGrapheme(text, keepsStart: &keepsStart)
        case .sentencePiece(let normalizer): return normalizer.normalized(text)
        }
    }

    /// The normalised form of a text by itself.
    package func normalized(_ text: String) -> [UInt8] {
        var keepsStart = true
        return Array(text.utf8).withText { normalized($0, keepsStart: &keepsStart) }
    }

    /// Calls `body` with the normalised text, without a copy where there is nothing to do.
    func withNormalized(_ text: UTF8Text, _ body: (_ text: UTF8Text, _ keepsStart: Bool) -> Void) {
        if leavesAlone(text) { return body(text, true) }
        var keepsStart = true
        let bytes = normalized(text, keepsStart: &keepsStart)
        bytes.withText { body($0, keepsStart) }
    }

    private func leavesAlone(_ text: UTF8Text) -> Bool {
        switch self {
        case .sequence(let parts): parts.allSatisfy { $0.leavesAlone(text) }
        case .form(let form): form.leavesAlone(text)
        default: false
        }
    }
}

extension UTF8Text {
    fileprivate func mapped<Bytes: Sequence<UInt8>>(_ transform: (Unicode.Scalar) -> Bytes) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(count)
        forEachScalar { value, _ in
            if let scalar = Unicode.Scalar(value) { output.append(contentsOf: transform(scalar)) }
        }
        return output
    }

    fileprivate func filtered(_ isIncluded: (UInt32) -> Bool) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(count)
        forEachScalar { value, range in
            if isIncluded(value) { output.append(contentsOf: bytes[range]) }
        }
        return output
    }

    /// The range without the white space at its ends.
    fileprivate func strippedRange(left: Bool, right: Bool) -> Range<Int> {
        var start = 0
        var end = count
        while left, start < end {
            let (value, next) = codePoint(at: start)
            guard UnicodeData.isWhitespace(value) else { break }
            start = next
        }
        while right, end > start {
            let previous = self.start(before: end)
            guard UnicodeData.isWhitespace(codePoint(at: previous).value) else { break }
            end = previous
        }
        return start..<end
    }
}

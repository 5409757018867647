import TopsailCore

/// Byte-pair encoding over code points, with all that `tokenizers` puts around it.
///
/// Byte-level vocabularies spell their bytes as code points, so they need nothing of their own here.
package struct BPEModel: Sendable {
    package let vocabulary: Vocabulary
    package let merges: MergeTable
    /// What stands for a code point without a piece; `nil` leaves it out.
    package var unknown: TokenID?
    /// Neighbouring unknowns become one.
    package var fusesUnknown = false
    /// A code point without a piece becomes its bytes, if all of them have tokens.
    package var byteTokens: ByteTokens?
    /// A pre-token that is an entry of the vocabulary is taken whole, whatever the merges would make of it.
    package var ignoresMerges = false
    /// What every symbol but the first is looked up with, in front.
    package var continuingPrefix: [UInt8] = []
    /// What the last symbol is looked up with, at its end.
    package var endOfWordSuffix: [UInt8] = []
    /// The pieces of code points below U+0800, that most are; -1 where there is none.
    private let lowPieces: [TokenID]

    package init(vocabulary: Vocabulary, merges: MergeTable) {
        self.vocabulary = vocabulary
        self.merges = merges
        lowPieces = (0..<0x800).map { (codePoint: UInt32) in
            var bytes: [UInt8] = []
            bytes.append(codePoint: codePoint)
            return vocabulary.piece(bytes) ?? -1
        }
    }

    /// Whether a text may be cut where `WordBreaks` says: nothing looks at it as a whole.
    var allowsWordBreaks: Bool {
        !ignoresMerges && continuingPrefix.isEmpty && endOfWordSuffix.isEmpty && byteTokens?.isComplete ?? true
    }

    /// Appends the symbols that merging starts from.
    func appendSymbols(of text: UTF8Text, to symbols: inout [TokenID]) {
        var pendingUnknown: TokenID?
        var position = 0
        while position < text.count {
            let (value, next) = text.codePoint(at: position)
            if let piece = piece(value, text, position..<next) {
                if let unknown = pendingUnknown { symbols.append(unknown) }
                pendingUnknown = nil
                symbols.append(piece)
            } else if let bytes = byteTokens?.tokens(of: affixed(text, position..<next)) {
                // As in the reference, an unknown that is pending comes after the bytes.
                symbols.append(contentsOf: bytes)
            } else if let unknown {
                if let pending = pendingUnknown, !fusesUnknown { symbols.append(pending) }
                pendingUnknown = unknown
            }
            position = next
        }
        if let pendingUnknown { symbols.append(pendingUnknown) }
    }

    @inline(__always)
    private func piece(_ value: UInt32, _ text: UTF8Text, _ range: Range<Int>) -> TokenID? {
        guard continuingPrefix.isEmpty, endOfWordSuffix.isEmpty else { return vocabulary.piece(affixed(text, range)) }
        guard value >= 0x800 else { return lowPieces[Int(value)] >= 0 ? lowPieces[Int(value)] : nil }
        return vocabulary.piece(text[range])
    }

    /// The code point with the prefix and suffix that belong to its place.
    private func affixed(_ text: UTF8Text, _ range: Range<Int>) -> [UInt8] {
        (range.lowerBound > 0 ? continuingPrefix : []) + text.bytes[range]
            + (range.upperBound == text.count ? endOfWordSuffix : [])
    }
}

extension ByteTokens {
    fileprivate func tokens(of bytes: [UInt8]) -> [TokenID]? { bytes.withUnsafeBytes { tokens(of: $0) } }
}

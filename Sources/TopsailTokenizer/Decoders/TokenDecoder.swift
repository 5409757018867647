/// The way from the spellings of tokens back to text, in the steps of `tokenizers`.
package indirect enum TokenDecoder: Sendable {
    case sequence([TokenDecoder])
    /// The byte alphabet back to bytes, all tokens together.
    case byteLevel
    case replace(TextPattern, by: [UInt8])
    /// `<0x0A>` and the like back to bytes.
    case byteFallback
    /// All tokens become one.
    case fuse
    /// Takes up to so many of a character off each end.
    case strip(character: [UInt8], start: Int, stop: Int)
    /// Marks become spaces; the first token, unless the mark was never prepended, loses its own.
    case metaspace(mark: [UInt8], dropsFirst: Bool)
    /// A suffix that ends words becomes the space between them.
    case wordSuffix([UInt8])
    /// Spaces between the tokens, which is what there is without a decoder.
    case joined

    private static let replacement = Array("\u{FFFD}".utf8)

    /// What tokens become; each is UTF-8 and stays so.
    func decoded(_ tokens: [[UInt8]]) -> [[UInt8]] {
        switch self {
        case .sequence(let parts): return parts.reduce(tokens) { $1.decoded($0) }
        case .byteLevel:
            let bytes = tokens.flatMap(Self.unspelled)
            return [Array(String(decoding: bytes, as: UTF8.self).utf8)]
        case .replace(let pattern, let content):
            return tokens.map { $0.withText { pattern.replaced(in: $0, by: content).bytes } }
        case .byteFallback: return Self.joiningByteTokens(tokens)
        case .fuse: return [Array(tokens.joined())]
        case .strip(let character, let start, let stop):
            return tokens.map { Self.stripped($0, character, start: start, stop: stop) }
        case .metaspace(let mark, let dropsFirst):
            return tokens.enumerated().map { index, token in
                Self.replacing(mark, in: token, by: index == 0 && dropsFirst ? [] : [0x20])
            }
        case .wordSuffix(let suffix):
            return tokens.enumerated().map { index, token in
                Self.replacing(suffix, in: token, by: index == tokens.count - 1 ? [] : [0x20])
            }
        case .joined: return [Array(tokens.joined(separator: [0x20]))]
        }
    }

    /// The bytes that one token stands for within a text: what would be taken off at the ends of a text stays.
    func bytes(of token: [UInt8]) -> [UInt8] {
        switch self {
        case .sequence(let parts): parts.reduce(token) { $1.bytes(of: $0) }
        case .byteLevel: Self.unspelled(token)
        case .replace(let pattern, let content):
            String(validating: token, as: UTF8.self) == nil
                ? token : token.withText { pattern.replaced(in: $0, by: content).bytes }
        case .byteFallback: ByteTokens.byte(spelledBy: token).map { [$0] } ?? token
        case .metaspace(let mark, _): Self.replacing(mark, in: token, by: [0x20])
        case .wordSuffix(let suffix): Self.replacing(suffix, in: token, by: [0x20])
        case .fuse, .strip, .joined: token
        }
    }

    /// A token that is not all in the byte alphabet stands for its own UTF-8.
    private static func unspelled(_ token: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        return token.withUnsafeBytes { ByteAlphabet.appendBytes(spelledBy: $0, to: &bytes) } ? bytes : token
    }

    /// Each run of byte tokens becomes the text of its bytes or, when that is not UTF-8, one U+FFFD for each.
    private static func joiningByteTokens(_ tokens: [[UInt8]]) -> [[UInt8]] {
        var output: [[UInt8]] = []
        var run: [UInt8] = []
        func flush() {
            guard !run.isEmpty else { return }
            if String(validating: run, as: UTF8.self) != nil {
                output.append(run)
            } else {
                output += Array(repeating: replacement, count: run.count)
            }
            run.removeAll()
        }
        for token in tokens {
            if let byte = ByteTokens.byte(spelledBy: token) {
                run.append(byte)
            } else {
                flush()
                output.append(token)
            }
        }
        flush()
        return output
    }

    private static func stripped(_ token: [UInt8], _ character: [UInt8], start: Int, stop: Int) -> [UInt8] {
        var rest = token[...]
        for _ in 0..<min(start, token.count) where rest.starts(with: character) { rest.removeFirst(character.count) }
        for _ in 0..<min(stop, token.count) where rest.suffix(character.count).elementsEqual(character) {
            rest.removeLast(character.count)
        }
        return Array(rest)
    }

    private static func replacing(_ part: [UInt8], in token: [UInt8], by content: [UInt8]) -> [UInt8] {
        guard !part.isEmpty else { return token }
        return token.withText { TextPattern.literal(part).replaced(in: $0, by: content).bytes }
    }
}

import TopsailCore
import TopsailTokenizer

/// Watches generated tokens for texts that end the generation, wherever the tokens cut them.
public struct StopStrings: Sendable {
    private let patterns: [[UInt8]]
    private let tokenizer: any TextTokenizer
    /// What has been generated, as far back as a pattern can reach.
    private var tail: [UInt8] = []

    public init(_ strings: [String], tokenizer: any TextTokenizer) {
        patterns = strings.filter { !$0.isEmpty }.map { Array($0.utf8) }
        self.tokenizer = tokenizer
    }

    /// Whether a pattern is complete once this token is added.
    public mutating func isReached(by token: TokenID) -> Bool {
        guard let longest = patterns.map(\.count).max() else { return false }
        let bytes = tokenizer.bytes(of: token)
        tail = tail.suffix(longest - 1) + bytes
        return patterns.contains { tail.firstIndex(of: $0) != nil }
    }

    /// The text up to the first pattern in it.
    public func cut(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let end = patterns.compactMap { bytes.firstIndex(of: $0) }.min()
        return end.map { String(decoding: bytes[..<$0], as: UTF8.self) } ?? text
    }
}

extension [UInt8] {
    /// Where a run of bytes first occurs.
    fileprivate func firstIndex(of pattern: [UInt8]) -> Int? {
        guard count >= pattern.count else { return nil }
        return (0...count - pattern.count).first { self[$0..<$0 + pattern.count].elementsEqual(pattern) }
    }
}

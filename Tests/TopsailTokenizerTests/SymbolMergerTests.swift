import Testing
import TopsailCore
import TopsailTokenizer

@Suite("Merging a pre-token") struct SymbolMergerTests {
    /// Vocabularies over the letters a and b: `(left, right)` pairs in merge order.
    static let rules: [[(String, String)]] = [
        [("a", "a"), ("a", "b"), ("aa", "b"), ("b", "b"), ("ab", "bb")],
        [("a", "b"), ("b", "a"), ("ab", "a"), ("a", "ba"), ("ba", "ba"), ("ab", "ab")],
        [("b", "b"), ("bb", "bb"), ("a", "bb"), ("a", "a"), ("aa", "aa"), ("bb", "a"), ("abb", "a")],
        [],
    ]

    @Test("scanning and the heap do what the definition says on all strings up to 11 letters", arguments: rules.indices)
    func agreesWithDefinition(rule: Int) throws {
        let setup = Setup(Self.rules[rule])
        var scanning = setup.merger
        var chained = setup.merger
        for length in 0...11 {
            for bits in 0..<(1 << length) {
                let text = (0..<length).map { bits >> $0 & 1 == 0 ? UInt8(ascii: "a") : UInt8(ascii: "b") }
                let expected = setup.byDefinition(text)
                let scanned = scanning.merged(text, scanningUpTo: .max)
                let linked = chained.merged(text, scanningUpTo: 0)
                try #require(scanned == expected, "scanning \(String(decoding: text, as: UTF8.self))")
                try #require(linked == expected, "the heap, \(String(decoding: text, as: UTF8.self))")
            }
        }
    }

    @Test("scanning and the heap agree on long random text", arguments: [1, 2, 3] as [UInt64])
    func agreeOnLongText(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for rule in Self.rules {
            let setup = Setup(rule)
            var merger = setup.merger
            let text = (0..<2000).map { _ in [UInt8(ascii: "a"), UInt8(ascii: "b")].randomElement(using: &random)! }
            #expect(merger.merged(text, scanningUpTo: .max) == merger.merged(text, scanningUpTo: 0), "seed \(seed)")
        }
    }

    /// A small vocabulary, its merges, and the definition of BPE in its plainest form.
    private struct Setup {
        var vocabulary: Vocabulary
        var table: MergeTable
        var merges: [(left: TokenID, right: TokenID, result: TokenID)] = []

        init(_ rules: [(String, String)]) {
            var entries = ["a", "b"]
            for (left, right) in rules where !entries.contains(left + right) { entries.append(left + right) }
            vocabulary = Vocabulary(count: entries.count)
            table = MergeTable(capacity: rules.count)
            for (id, entry) in entries.enumerated() {
                _ = Array(entry.utf8).withUnsafeBytes { vocabulary.setEntry(TokenID(id), $0, kind: .piece) }
            }
            func id(_ entry: String) -> TokenID { TokenID(entries.firstIndex(of: entry)!) }
            for (rank, (left, right)) in rules.enumerated() {
                merges.append((id(left), id(right), id(left + right)))
                table.insert(Merge(rank: UInt32(rank), result: id(left + right)), joining: id(left), id(right))
            }
        }

        var merger: SymbolMerger { SymbolMerger(merges: table) }

        func byDefinition(_ text: [UInt8]) -> [TokenID] {
            var tokens: [TokenID] = text.map { $0 == UInt8(ascii: "a") ? 0 : 1 }
            while let merge = merges.first(where: { merge in
                zip(tokens, tokens.dropFirst()).contains { $0 == merge.left && $1 == merge.right }
            }) {
                let at = tokens.indices.dropLast().first { tokens[$0] == merge.left && tokens[$0 + 1] == merge.right }!
                tokens.replaceSubrange(at...at + 1, with: [merge.result])
            }
            return tokens
        }
    }
}

extension SymbolMerger {
    fileprivate mutating func merged(_ text: [UInt8], scanningUpTo longestScan: Int) -> [TokenID] {
        var output: [TokenID] = []
        append(text.map { $0 == UInt8(ascii: "a") ? 0 : 1 }, to: &output, scanningUpTo: longestScan)
        return output
    }
}

import Foundation
import TopsailCatalog
import TopsailPipeline

/// The hand-written texts in `Data`, as they lie in the repository.
enum ShippedTexts {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Data")

    static let pairsPath = folder.appendingPathComponent("pairs.jsonl").path

    /// The concept that is a label only: no text may stand for it.
    static let restricted = "pornography.minor_protection"

    static func taxonomy() throws -> Taxonomy {
        let url = folder.appendingPathComponent("taxonomy.json")
        return try Taxonomy.decode(Data(contentsOf: url), path: url.path)
    }

    /// Slugs of all concepts that texts are written for.
    static func concepts() throws -> Set<String> {
        try Set(taxonomy().domains.flatMap { $0.concepts.map(\.id) }).subtracting([restricted])
    }

    static func pairs() throws -> [PairLine] { try lines("pairs.jsonl") }

    static func heldOut() throws -> [PromptLine] { try lines("heldout.jsonl") }

    /// What the assessment is fitted to besides the pairs.
    static func prompts() throws -> [PromptLine] { try lines("prompts.jsonl") }

    static let promptsPath = folder.appendingPathComponent("prompts.jsonl").path

    /// Every run of five words in a text.
    static func runs(_ text: String) -> [ArraySlice<String>] {
        let words = WordSplitter.words(of: text)
        return words.indices.dropLast(4).map { words[$0..<$0 + 5] }
    }

    private static func lines<Line: Decodable>(_ name: String) throws -> [Line] {
        let decoder = JSONDecoder()
        return try Data(contentsOf: folder.appendingPathComponent(name)).split(separator: UInt8(ascii: "\n"))
            .map { try decoder.decode(Line.self, from: $0) }
    }
}

/// A line of `pairs.jsonl`: a contrast pair, and whether it asks or tells.
struct PairLine: Decodable {
    enum Form: String, Decodable {
        /// A question, or a task that somebody sets.
        case question
        /// A statement or a short passage.
        case statement
    }

    var concept: String
    var form: Form
    var present: String
    var absent: String

    /// Share of the longer text's words that both texts have, each counted as often as it stands in both; `0 ... 1`.
    var overlap: Double {
        let words = [present, absent].map(WordSplitter.words)
        var left: [String: Int] = [:]
        for word in words[0] { left[word, default: 0] += 1 }
        var shared = 0
        for word in words[1] where left[word, default: 0] > 0 {
            left[word, default: 0] -= 1
            shared += 1
        }
        return Double(shared) / Double(max(words[0].count, words[1].count, 1))
    }

    /// Words of the shorter text divided by words of the longer one.
    var lengthRatio: Double {
        let counts = [present, absent].map { WordSplitter.words(of: $0).count }
        return Double(min(counts[0], counts[1])) / Double(max(counts[0], counts[1], 1))
    }

    /// Words that only the present text has.
    var conceptWords: Set<String> {
        Set(WordSplitter.words(of: present)).subtracting(WordSplitter.words(of: absent))
    }
}

/// A line of `heldout.jsonl` or `prompts.jsonl`.
struct PromptLine: Decodable {
    enum Kind: String, Decodable {
        case harmful
        /// A harmless text in the words of a domain.
        case lookalike = "benign-lookalike"
        /// A harmless question about the subject of a concept.
        case sensitive = "sensitive-benign"
        case everyday
    }

    var id: String
    var text: String
    var domain: String?
    var concept: String?
    var kind: Kind
}

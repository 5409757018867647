import Foundation
import Testing
import TopsailFiles
import TopsailTestSupport
import TopsailTokenizer

/// A family's expected ids and texts, from Hugging Face's `tokenizers`.
struct TokenizerFixture {
    var family: String

    /// Families with a `tokenizer.json` and expected values.
    static let families = ["gpt2", "gpt-neox", "smollm2", "llama2", "llama3", "mistral-v1", "phi3", "qwen2"]
    /// Those that spell bytes in the byte alphabet.
    static let byteLevelFamilies = ["gpt2", "gpt-neox", "smollm2", "llama3", "qwen2"]
    /// Those that have a GGUF form here.
    static let familiesAsGGUF = ["gpt2", "llama2", "llama3", "phi3", "qwen2"]

    func lines(_ name: String) throws -> [JSONValue] { try Fixtures.jsonLines("tokenizers/\(family)/\(name).jsonl") }

    var hasChat: Bool { Fixtures.has("tokenizers/\(family)/chat.jsonl") }

    func tokenizerFromJSON() throws -> PipelineTokenizer {
        try TokenizerLoader.load(
            tokenizerJSON: Fixtures.gunzipped("tokenizers/\(family)/tokenizer.json.gz"),
            configuration: Fixtures.data("tokenizers/\(family)/tokenizer_config.json"),
            path: "\(family)/tokenizer.json")
    }

    func tokenizerFromGGUF() throws -> any TextTokenizer {
        let folder = try TemporaryFolder()
        let file = try folder.file("vocab.gguf", Fixtures.gunzipped("tokenizers/\(family)/vocab.gguf.gz"))
        return try TokenizerLoader.load(gguf: GGUFFile(path: file))
    }
}

/// Whether two strings are the same code points; `==` would let canonically equivalent ones pass.
func isSame(_ a: String, _ b: String) -> Bool { a.unicodeScalars.elementsEqual(b.unicodeScalars) }

extension [JSONValue] {
    /// Reports the first record that `problem` finds something wrong with, and how many there are.
    func expectNone(
        sourceLocation: SourceLocation = #_sourceLocation, _ problem: (JSONValue) throws -> String?
    ) rethrows {
        #expect(!isEmpty, "there are no records", sourceLocation: sourceLocation)
        let problems = try enumerated().compactMap { index, record in
            try problem(record).map { "record \(index): \($0)\nrecord: \(record)" }
        }
        guard let first = problems.first else { return }
        Issue.record("\(problems.count) of \(count) records differ; \(first)", sourceLocation: sourceLocation)
    }
}

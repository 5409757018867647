import Foundation
import TopsailTokenizer

/// A `tokenizer.json` small enough to read, whose parts a test replaces one by one.
struct TinyTokenizer {
    enum Part: Sendable {
        case normalizer, preTokenizer, postProcessor, decoder, addedTokens, modelSettings, vocabulary, merges
    }

    var configuration: String?
    private var parts: [Part: String] = [
        .normalizer: "null",
        .preTokenizer: #"{"type": "ByteLevel", "add_prefix_space": false, "use_regex": true}"#,
        .postProcessor: "null",
        .decoder: #"{"type": "ByteLevel"}"#,
        .addedTokens: #"[{"id": 11, "content": "<end>", "special": true, "normalized": false}]"#,
        .modelSettings: #""type": "BPE", "ignore_merges": false"#,
        .vocabulary:
            #"{"a": 0, "b": 1, "c": 2, "Ġ": 3, "ab": 4, "bc": 5, "Ġab": 6, "aa": 7, "Ã": 8, "©": 9, "Ã©": 10}"#,
        .merges: #"["b c", "a b", ["Ġ", "ab"], "a a", ["Ã", "©"]]"#,
    ]

    subscript(part: Part) -> String {
        get { parts[part]! }
        set { parts[part] = newValue }
    }

    var json: String {
        """
        {"version": "1.0", "added_tokens": \(self[.addedTokens]), "normalizer": \(self[.normalizer]),
         "pre_tokenizer": \(self[.preTokenizer]), "post_processor": \(self[.postProcessor]),
         "decoder": \(self[.decoder]),
         "model": {\(self[.modelSettings]), "vocab": \(self[.vocabulary]), "merges": \(self[.merges])}}
        """
    }

    func load() throws(TokenizerError) -> PipelineTokenizer {
        try TokenizerLoader.load(
            tokenizerJSON: Data(json.utf8), configuration: configuration.map { Data($0.utf8) }, path: "tiny.json")
    }
}

extension PipelineTokenizer {
    /// The pieces of a text, spelled as in the vocabulary.
    func pieces(_ text: String) -> [String] {
        encode(text, addSpecial: false, parseSpecial: true).map(spelling)
    }
}

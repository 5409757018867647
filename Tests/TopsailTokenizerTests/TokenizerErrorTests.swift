import Testing
import TopsailTestSupport
import TopsailTokenizer

@Suite("Tokenizer files that are refused") struct TokenizerErrorTests {
    @Test(
        "a component that is not supported is named",
        arguments: [
            (.normalizer, #"{"type": "Nmt"}"#, "normalizer Nmt"),
            (
                .normalizer, #"{"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "BertNormalizer"}]}"#,
                "normalizer.normalizers[1] BertNormalizer"
            ),
            (.preTokenizer, #"{"type": "UnicodeScripts"}"#, "pre_tokenizer UnicodeScripts"),
            (.preTokenizer, split(#"(?<name>a)"#), "the group (?<"),
            (.preTokenizer, split(#"(a)\\1"#), "the escape \\1"),
            (.preTokenizer, split("\\\\p{Greek}"), "\\p{Greek}"),
            (.preTokenizer, split("a*"), "matches the empty text"),
            (.preTokenizer, split("(a*)+"), "may be empty"),
            (.preTokenizer, split("(((a{900}){900}){900})"), "over 20000 steps"),
            (.preTokenizer, split(String(repeating: "(", count: 5000)), "nesting deeper"),
            (
                .preTokenizer, #"{"type": "Split", "pattern": {"String": ""}, "behavior": "Isolated"}"#,
                "pattern that is empty"
            ),
            (
                .preTokenizer, #"{"type": "Split", "pattern": {"String": " "}, "behavior": "Sideways"}"#,
                "behavior Sideways"
            ),
            (.postProcessor, #"{"type": "Other"}"#, "post_processor Other"),
            (.decoder, #"{"type": "WordPiece"}"#, "decoder WordPiece"),
            (.modelSettings, #""type": "WordPiece""#, "model WordPiece"),
            (.modelSettings, #""type": "BPE", "dropout": 0.1"#, "dropout"),
        ] as [(TinyTokenizer.Part, String, String)])
    func unsupported(part: TinyTokenizer.Part, text: String, name: String) throws {
        var tiny = TinyTokenizer()
        tiny[part] = text
        let error = try #require(throws: TokenizerError.self) { try tiny.load() }
        #expect(error.description.contains(name), "\(error)")
        #expect(error.description.hasPrefix("tiny.json: "))
        guard case .unsupported = error.reason else { throw error }
    }

    @Test(
        "an entry that is wrong is told with its place",
        arguments: [
            (.merges, #"["a b", "ab"]"#, "model.merges[1]"),
            (.preTokenizer, "{}", "pre_tokenizer.type"),
            (.preTokenizer, #"{"type": "Sequence"}"#, "pre_tokenizer.pretokenizers"),
            (.preTokenizer, #"{"type": "Split", "behavior": "Isolated"}"#, "pre_tokenizer.pattern"),
            (.preTokenizer, #"{"type": "ByteLevel", "use_regex": 1}"#, "pre_tokenizer.use_regex"),
            (.normalizer, #"{"type": "Precompiled", "precompiled_charsmap": "AAAA"}"#, "precompiled_charsmap"),
            (.normalizer, "[]", "normalizer.type"),
            (.decoder, #"{"type": "Strip", "content": " ", "start": -1, "stop": 0}"#, "decoder.start"),
            (.modelSettings, #""type": "BPE", "unk_token": "?""#, "model.unk_token"),
            (.modelSettings, #""type": "BPE", "byte_fallback": "yes""#, "model.byte_fallback"),
            (.vocabulary, #"{"a": 0, "a": 1}"#, "twice"),
            (.addedTokens, #"[{"id": 0, "content": "x"}]"#, "which is the entry “a”"),
            (.addedTokens, #"[{"id": 12, "content": "x", "lstrip": 1}]"#, "added_tokens[0].lstrip"),
            (.merges, #"["a b c"]"#, "model.merges[0]"),
            (.merges, #"["a b", ["a"]]"#, "model.merges[1]"),
            (.merges, #"[["a", "b", "c"]]"#, "model.merges[0]"),
            (.merges, #"[["a", 1]]"#, "model.merges[0]"),
            (.merges, "[7]", "model.merges[0]"),
            (.merges, #"["b a"]"#, "“ba”"),
            (.merges, #"["x a"]"#, "“x”"),
            (.vocabulary, #"{"a": 0, "b": 0}"#, "model.vocab"),
            (.vocabulary, #"{"a": -1}"#, "model.vocab"),
            (.vocabulary, #"{"a": 9999999999}"#, "model.vocab"),
            (.vocabulary, #"{"a": 1.5}"#, "model.vocab"),
            (.vocabulary, "[]", "model.vocab"),
            (.merges, "{}", "model.merges"),
            (.addedTokens, #"[{"id": 1}]"#, "added_tokens[0]"),
            (.addedTokens, #"[{"id": 1, "content": "x"}, {"id": "2", "content": "x"}]"#, "added_tokens[1]"),
            (.postProcessor, #"{"type": "TemplateProcessing"}"#, "post_processor.single"),
            (
                .postProcessor,
                #"""
                {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "x"}}],
                 "special_tokens": {"x": {"ids": [99]}}}
                """#, "post_processor.special_tokens"
            ),
        ] as [(TinyTokenizer.Part, String, String)])
    func badEntry(part: TinyTokenizer.Part, text: String, place: String) throws {
        var tiny = TinyTokenizer()
        tiny[part] = text
        let error = try #require(throws: TokenizerError.self) { try tiny.load() }
        #expect(error.description.contains(place), "\(error)")
    }

    private static func split(_ expression: String) -> String {
        #"{"type": "Split", "pattern": {"Regex": "\#(expression)"}, "behavior": "Isolated"}"#
    }

    @Test("text that is not JSON is refused with the place")
    func notJSON() throws {
        var tiny = TinyTokenizer()
        tiny[.decoder] = "{]"
        let error = try #require(throws: TokenizerError.self) { try tiny.load() }
        guard case .notJSON(let offset, _) = error.reason else { throw error }
        #expect(Array(tiny.json.utf8)[offset] == UInt8(ascii: "]"))
    }

    @Test("a file that is not there is named")
    func missingFile() throws {
        let path = try TemporaryFolder().path("tokenizer.json")
        let error = try #require(throws: TokenizerError.self) { try TokenizerLoader.load(tokenizerJSON: path) }
        #expect(error.description == "\(path): there is no such file")
    }

    @Test("a tokenizer and the configuration beside it are read from a folder")
    func folder() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("tokenizer.json", Array(TinyTokenizer().json.utf8))
        #expect(try TokenizerLoader.load(tokenizerJSON: path).eos == nil)
        _ = try folder.file("tokenizer_config.json", Array(#"{"eos_token": "<end>"}"#.utf8))
        #expect(try TokenizerLoader.load(tokenizerJSON: path).eos == 11)
    }
}

import Testing
import TopsailCore
import TopsailFiles
import TopsailTestSupport
import TopsailTokenizer

@Suite("Tokenizers of published models", .enabled(if: Fixtures.has("tokenizers"), "there are no fixtures"))
struct TokenizerFixtureTests {
    @Test("tokenizer.json gives the reference's ids, pieces and texts", arguments: TokenizerFixture.families)
    func expectedFromJSON(family: String) throws {
        let fixture = TokenizerFixture(family: family)
        let tokenizer = try fixture.tokenizerFromJSON()
        try fixture.lines("expected").expectNone { record in
            let ids = try encode(record, with: tokenizer)
            guard ids == record["ids"].ints else { return "got the ids \(ids)" }
            let tokens = ids.map(TokenID.init)
            let pieces = tokens.map(tokenizer.spelling)
            guard zip(pieces, try #require(record["pieces"].strings)).allSatisfy(isSame) else { return "got \(pieces)" }
            let text = tokenizer.decode(tokens)
            let isText = isSame(text, try #require(record["roundtrip_text"].string))
            return isText ? nil : "got the text \(text.debugDescription)"
        }
    }

    @Test("cut characters decode as in the reference", arguments: TokenizerFixture.families)
    func decoding(family: String) throws {
        let fixture = TokenizerFixture(family: family)
        let tokenizer = try fixture.tokenizerFromJSON()
        try fixture.lines("decode").expectNone { record in
            let ids = try #require(record["ids"].ints).map(TokenID.init)
            let text = tokenizer.decode(ids)
            guard isSame(text, try #require(record["text"].string)) else { return "got \(text.debugDescription)" }
            if ids.count == 1, !isSame(tokenizer.text(of: ids[0]), text) { return "text(of:) differs" }
            return ids.flatMap(tokenizer.bytes).count >= text.unicodeScalars.count ? nil : "too few bytes"
        }
    }

    @Test("rendered chats give the reference's ids", arguments: ["smollm2", "llama3", "qwen2"])
    func chat(family: String) throws {
        let fixture = TokenizerFixture(family: family)
        try expectChat(fixture, try fixture.tokenizerFromJSON())
    }

    @Test("the GGUF form of a vocabulary gives the reference's ids", arguments: TokenizerFixture.familiesAsGGUF)
    func expectedFromGGUF(family: String) throws {
        let fixture = TokenizerFixture(family: family)
        let tokenizer = try fixture.tokenizerFromGGUF()
        try expectSameButBOS(fixture, tokenizer)
        if fixture.hasChat { try expectChat(fixture, tokenizer) }
    }

    @Test("the real SmolLM2 file gives the reference's ids", .enabled(if: TestModel.path != nil, "\(TestModel.reason)"))
    func realFile() throws {
        let tokenizer = try TokenizerLoader.load(gguf: GGUFFile(path: try #require(TestModel.path)))
        #expect(tokenizer.vocabularySize == 49152)
        #expect(tokenizer.bos == 1 && tokenizer.eos == 2)
        #expect(tokenizer.addedToken("<|im_end|>") == 2)
        #expect(tokenizer.isSpecial(1) && !tokenizer.isSpecial(28))
        let fixture = TokenizerFixture(family: "smollm2")
        try expectSameButBOS(fixture, tokenizer)
        try expectChat(fixture, tokenizer)
    }

    @Test("BOS and EOS are those of the configuration", arguments: TokenizerFixture.families)
    func beginningAndEnd(family: String) throws {
        let tokenizer = try TokenizerFixture(family: family).tokenizerFromJSON()
        let expected = try Fixtures.json("tokenizers/\(family)/case.json")
        #expect(tokenizer.bos.map(tokenizer.text) == expected["bos"].string)
        #expect(tokenizer.eos.map(tokenizer.text) == expected["eos"].string)
        #expect(tokenizer.vocabularySize == expected["vocab_size"].int)
    }

    private func encode(_ record: JSONValue, with tokenizer: any TextTokenizer) throws -> [Int] {
        let text = try #require(record["text"].string)
        let addSpecial = try #require(record["add_special"].bool as Bool?)
        let parseSpecial = try #require(record["parse_special"].bool as Bool?)
        return tokenizer.encode(text, addSpecial: addSpecial, parseSpecial: parseSpecial).map(Int.init)
    }

    /// GGUF metadata and `tokenizer.json` do not always agree on whether a BOS is added.
    private func expectSameButBOS(_ fixture: TokenizerFixture, _ tokenizer: any TextTokenizer) throws {
        let bos = tokenizer.bos.map(Int.init)
        func withoutBOS(_ ids: [Int]) -> [Int] { ids.first == bos ? Array(ids.dropFirst()) : ids }
        try fixture.lines("expected").expectNone { record in
            let ids = try encode(record, with: tokenizer)
            return withoutBOS(ids) == withoutBOS(try #require(record["ids"].ints)) ? nil : "got the ids \(ids)"
        }
    }

    private func expectChat(_ fixture: TokenizerFixture, _ tokenizer: any TextTokenizer) throws {
        let rendered = try fixture.lines("chat").filter { $0["rendered"].string != nil }
        try rendered.expectNone { record in
            let text = try #require(record["rendered"].string)
            let ids = tokenizer.encode(text, addSpecial: false, parseSpecial: true).map(Int.init)
            return ids == record["ids"].ints ? nil : "got the ids \(ids)"
        }
    }
}

@Suite("Tokenizers that are refused", .enabled(if: Fixtures.has("tokenizers"), "there are no fixtures"))
struct RefusedTokenizerTests {
    @Test(
        "the unsupported component is named",
        arguments: [("llama2", "byte_fallback"), ("mistral-v3", "byte_fallback"), ("falcon", "Punctuation")])
    func json(family: String, component: String) throws {
        let error = try #require(throws: TokenizerError.self) {
            try TokenizerFixture(family: family).tokenizerFromJSON()
        }
        #expect(error.description.contains("\(family)/tokenizer.json"))
        #expect(error.description.contains(component))
        #expect(error.hint != nil)
    }

    @Test(
        "the unsupported GGUF name is named",
        arguments: [("llama2", "tokenizer.ggml.model llama"), ("falcon", "tokenizer.ggml.pre falcon")])
    func gguf(family: String, name: String) throws {
        let error = try #require(throws: TokenizerError.self) {
            try TokenizerFixture(family: family).tokenizerFromGGUF()
        }
        #expect(error.description.contains("vocab.gguf"))
        #expect(error.description.contains(name))
    }

    @Test("a merge of one part is refused with its place", .enabled(if: Fixtures.has("bad/tokenizer-bad-merge")))
    func badMerge() throws {
        let error = try #require(throws: TokenizerError.self) {
            try TokenizerLoader.load(tokenizerJSON: Fixtures.path("bad/tokenizer-bad-merge/tokenizer.json"))
        }
        #expect(error.description.contains("model.merges[5]"))
    }
}

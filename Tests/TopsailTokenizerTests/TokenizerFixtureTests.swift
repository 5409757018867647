import Foundation
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
            // Of an added token that took white space along the reference tells the text, white space and all.
            let areSame = zip(pieces, try #require(record["pieces"].strings)).allSatisfy { piece, expected in
                isSame(piece, expected)
                    || tokenizer.addedToken(piece) != nil
                        && isSame(piece, expected.trimmingCharacters(in: .whitespacesAndNewlines))
            }
            guard areSame else { return "got \(pieces)" }
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
            guard TokenizerFixture.byteLevelFamilies.contains(family) else { return nil }
            if ids.count == 1, !isSame(tokenizer.text(of: ids[0]), text) { return "text(of:) differs" }
            return ids.flatMap(tokenizer.bytes).count >= text.unicodeScalars.count ? nil : "too few bytes"
        }
    }

    @Test("rendered chats give the reference's ids", arguments: ["smollm2", "llama3", "phi3", "qwen2"])
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

    @Test(
        "the real Gemma 3 file gives the reference's ids and texts",
        .enabled(if: TestModel.gemmaPath != nil, "\(TestModel.gemmaReason)"))
    func realGemma() throws {
        let tokenizer = try TokenizerLoader.load(gguf: GGUFFile(path: try #require(TestModel.gemmaPath)))
        #expect(tokenizer.vocabularySize == 262_144)
        #expect(tokenizer.bos == 2 && tokenizer.eos == 1)
        let fixture = TokenizerFixture(family: "gemma3")
        try expectSameButBOS(fixture, tokenizer)
        try expectChat(fixture, tokenizer)
        try fixture.lines("decode").expectNone { record in
            let text = tokenizer.decode(try #require(record["ids"].ints).map(TokenID.init))
            return isSame(text, try #require(record["text"].string)) ? nil : "got \(text.debugDescription)"
        }
    }

    @Test("vocabularies without expected ids are read", arguments: ["falcon", "mistral-v3"])
    func vocabularyOnly(family: String) throws {
        let tokenizer = try TokenizerFixture(family: family).tokenizerFromJSON()
        let text = "In 1984, it's\n  a test: 12345 🙂 ２"
        #expect(isSame(tokenizer.decode(tokenizer.encode(text, addSpecial: false, parseSpecial: false)), text))
    }

    @Test("tokenizers of the small models are read", arguments: ["gpt2", "llama-bf16", "qwen2-tied", "gemma3"])
    func smallModels(name: String) throws {
        let folder = Fixtures.path("models/\(name)")
        let tokenizer = try TokenizerLoader.load(folder: folder)
        for prompt in try #require(Fixtures.json("models/\(name)/case.json")["prompts"].array) {
            guard let text = prompt["text"].string, let ids = prompt["ids"].ints ?? prompt["input_ids"].ints else {
                continue
            }
            #expect(tokenizer.encode(text, addSpecial: true, parseSpecial: true).map(Int.init) == ids)
        }
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
        let bos = tokenizer.bos.map(Int.init).map { [$0] } ?? []
        try fixture.lines("expected").expectNone { record in
            let ids = try encode(record, with: tokenizer)
            let expected = try #require(record["ids"].ints)
            return ids == expected || ids == bos + expected || bos + ids == expected ? nil : "got the ids \(ids)"
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
    @Test("a merge of one part is refused with its place", .enabled(if: Fixtures.has("bad/tokenizer-bad-merge")))
    func badMerge() throws {
        let error = try #require(throws: TokenizerError.self) {
            try TokenizerLoader.load(tokenizerJSON: Fixtures.path("bad/tokenizer-bad-merge/tokenizer.json"))
        }
        #expect(error.description.contains("model.merges[5]"))
    }
}

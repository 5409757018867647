import Testing
import TopsailTokenizer

@Suite("Tokenizers from their parts") struct PipelineTokenizerTests {
    @Test(
        "the earliest merge comes first, then the leftmost",
        arguments: [
            ("abc", ["a", "bc"]), ("ab", ["ab"]), (" ab", ["Ġab"]), ("aaa", ["aa", "a"]), ("aaaa", ["aa", "aa"]),
            ("aab", ["a", "ab"]), ("é", ["Ã©"]), ("", []),
        ])
    func merging(text: String, expected: [String]) throws {
        #expect(try TinyTokenizer().load().pieces(text) == expected)
    }

    @Test("with a limit, the tokens are the first of all, and more than the limit where there are more")
    func limit() throws {
        let tokenizer = try TinyTokenizer().load()
        let text = String(repeating: "ab c aab ", count: 20)
        let all = tokenizer.encode(text, addSpecial: false, parseSpecial: false)
        for limit in 0...all.count + 1 {
            let some = tokenizer.encode(text, limit: limit)
            #expect(all.starts(with: some))
            #expect(some.count > limit || some == all, "\(limit)")
            #expect(some.count < limit + 8, "\(limit)")
        }
    }

    @Test("bytes the vocabulary does without are left out")
    func missingBytes() throws {
        #expect(try TinyTokenizer().load().pieces("aXa") == ["aa"])
        #expect(try TinyTokenizer().load().pieces("XYZ") == [])
    }

    @Test("with ignore_merges a pre-token in the vocabulary is taken whole")
    func ignoringMerges() throws {
        var tiny = TinyTokenizer()
        tiny[.vocabulary] = #"{"a": 0, "b": 1, "c": 2, "bc": 3, "abc": 4}"#
        tiny[.merges] = #"["b c"]"#
        tiny[.modelSettings] = #""type": "BPE", "ignore_merges": true"#
        #expect(try tiny.load().pieces("abc") == ["abc"])
        #expect(try tiny.load().pieces("abcc") == ["a", "bc", "c"])
    }

    @Test("special tokens are read as such only when asked")
    func parsingSpecial() throws {
        var tiny = TinyTokenizer()
        tiny[.addedTokens] = #"[{"id": 11, "content": "ab<", "special": true}, {"id": 12, "content": "c>"}]"#
        let tokenizer = try tiny.load()
        #expect(tokenizer.encode("aab<c>", addSpecial: false, parseSpecial: true) == [0, 11, 12])
        #expect(tokenizer.encode("aab<c>", addSpecial: false, parseSpecial: false) == [0, 4, 12])
        #expect([11, 12, 0, 99].map(tokenizer.isSpecial) == [true, false, false, false])
        #expect(tokenizer.addedToken("c>") == 12)
        #expect(tokenizer.addedToken("c") == nil)
    }

    @Test("the template's tokens go around a text, and name BOS where nothing else does")
    func template() throws {
        var tiny = TinyTokenizer()
        tiny[.postProcessor] = #"""
            {"type": "Sequence", "processors": [{"type": "ByteLevel"}, {"type": "TemplateProcessing",
             "single": [{"SpecialToken": {"id": "<end>"}}, {"Sequence": {}}, {"SpecialToken": {"id": "<two>"}}],
             "special_tokens": {"<end>": {"ids": [11]}, "<two>": {"ids": [0, 1]}}}]}
            """#
        let tokenizer = try tiny.load()
        #expect(tokenizer.encode("c", addSpecial: true, parseSpecial: true) == [11, 2, 0, 1])
        #expect(tokenizer.encode("c", addSpecial: false, parseSpecial: true) == [2])
        #expect(tokenizer.bos == 11 && tokenizer.eos == nil)
    }

    @Test(
        "the configuration names BOS and EOS, as text or as an object",
        arguments: [
            #"{"eos_token": "<end>", "bos_token": null}"#, #"{"eos_token": {"content": "<end>", "lstrip": false}}"#,
        ])
    func configuration(text: String) throws {
        var tiny = TinyTokenizer()
        tiny.configuration = text
        #expect(try tiny.load().eos == 11)
        #expect(try tiny.load().bos == nil)
    }

    @Test("NFC composes text before it is split, added tokens apart")
    func composing() throws {
        var tiny = TinyTokenizer()
        tiny[.addedTokens] = #"[{"id": 11, "content": "e\u0301!", "special": false, "normalized": true}]"#
        #expect(try tiny.load().pieces("e\u{301}") == [])
        tiny[.normalizer] = #"{"type": "Sequence", "normalizers": [{"type": "NFC"}]}"#
        let tokenizer = try tiny.load()
        #expect(tokenizer.pieces("e\u{301}") == ["Ã©"])
        #expect(tokenizer.encode("é!", addSpecial: false, parseSpecial: false) == [11])
    }

    @Test(
        "composition yields canonically equivalent text in its shortest form",
        arguments: [
            ("e\u{301}", "\u{E9}"), ("\u{1112}\u{1161}\u{11AB}", "\u{D55C}"), ("q\u{307}\u{323}", "q\u{323}\u{307}"),
            ("\u{212B}", "\u{C5}"), ("\u{FB01}", "\u{FB01}"), ("\u{958}", "\u{915}\u{93C}"), ("\r\n\0", "\r\n\0"),
            // Foundation's composition on Linux would take the first for U+00CA.
            ("\u{200CA}\u{301}", "\u{200CA}\u{301}"), ("\u{11131}\u{11127}", "\u{1112E}"),
        ])
    func composition(text: String, expected: String) {
        #expect(isSame(String(decoding: Normalizer.form(.nfc).normalized(text), as: UTF8.self), expected))
        #expect(Normalizer.none.normalized(text) == Array(text.utf8))
    }

    @Test("tokens of part of a character decode to U+FFFD alone and to the character together")
    func partialCharacters() throws {
        let tokenizer = try TinyTokenizer().load()
        #expect(tokenizer.text(of: 8) == "\u{FFFD}")
        #expect(tokenizer.bytes(of: 9) == [0xA9])
        #expect(tokenizer.decode([8, 9, 11, 8]) == "é<end>\u{FFFD}")
    }

    @Test("ids without an entry stand for nothing")
    func absentIDs() throws {
        let tokenizer = try TinyTokenizer().load()
        #expect(tokenizer.decode([-1, 0, 999]) == "a")
        #expect(tokenizer.bytes(of: .max) == [])
        #expect(tokenizer.vocabularySize == 12)
    }

    @Test("keys that are canonically equivalent stay apart")
    func canonicalEquivalence() throws {
        var tiny = TinyTokenizer()
        // The Kelvin sign and the letter K; a precomposed letter and its two code points.
        tiny[.vocabulary] = #"{"a": 0, "\u212a": 1, "K": 2, "\u00e9": 3, "e\u0301": 4}"#
        tiny[.merges] = "[]"
        let tokenizer = try tiny.load()
        #expect([1, 2, 4].map { tokenizer.bytes(of: $0) } == [[0xE2, 0x84, 0xAA], [0x4B], [0x65, 0xCC, 0x81]])
        #expect(tokenizer.bytes(of: 3) == [0xE9])
        #expect(tokenizer.encode("K", addSpecial: false, parseSpecial: false) == [2])
    }

    @Test("a text gives the tokens of its pre-tokens, whatever the cache has seen")
    func caching() throws {
        let tokenizer = try TinyTokenizer().load()
        // Words that fill the cache, differ only at their end, and are as long as it holds and longer.
        var endings = [""]
        for _ in 0..<6 { endings = endings.flatMap { ending in ["a", "b", "c"].map { ending + $0 } } }
        let words = ["ab", "abc", "é"] + endings.map { "abcabcabc" + $0 } + endings.map { "abcabcabcab" + $0 }
        let pieces = (words + words.reversed()).map { " " + $0 }
        let apart = pieces.flatMap { tokenizer.encode($0, addSpecial: false, parseSpecial: false) }
        let together = tokenizer.encode(pieces.joined(), addSpecial: false, parseSpecial: false)
        #expect(together == apart)
    }

    @Test("a run of a million equal letters takes no time to speak of", .timeLimit(.minutes(1)))
    func longRun() throws {
        let tokenizer = try TinyTokenizer().load()
        let ids = tokenizer.encode(String(repeating: "a", count: 1_000_000), addSpecial: false, parseSpecial: false)
        #expect(ids == Array(repeating: 7, count: 500_000))
    }
}

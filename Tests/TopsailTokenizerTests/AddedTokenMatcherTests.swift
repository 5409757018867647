import Testing
import TopsailTokenizer

@Suite("Added tokens") struct AddedTokenMatcherTests {
    @Test(
        "the leftmost match counts, then the longest",
        arguments: [
            ("xabcx", ["x", "[2]", "x"]), ("xabx", ["x", "[1]", "x"]), ("bcd", ["[3]"]), ("abcd", ["[2]", "d"]),
            ("abab", ["[1]", "[1]"]), ("a", ["a"]), ("", []), ("abe", ["[1]", "e"]), ("bce", ["bce"]),
        ])
    func longest(text: String, expected: [String]) {
        let matcher = AddedTokenMatcher([token(1, "ab"), token(2, "abc"), token(3, "bcd"), token(4, "abcde!")])
        #expect(matcher.segments(text) == expected)
    }

    @Test("what an ignored special token contains is ordinary text")
    func ignoredSpecial() {
        let matcher = AddedTokenMatcher([token(1, "<a>", special: true), token(2, "a>b"), token(3, "b")])
        #expect(matcher.segments("<a>b") == ["[1]", "[3]"])
        #expect(matcher.segments("<a>b", parseSpecial: false) == ["<a>", "[3]"])
    }

    @Test("stripping tokens take the white space beside them along")
    func stripping() {
        var left = token(1, "<l>")
        left.stripsLeft = true
        var right = token(2, "<r>")
        right.stripsRight = true
        let matcher = AddedTokenMatcher([left, right])
        var both = token(3, "\n")
        (both.stripsLeft, both.stripsRight) = (true, true)
        #expect(AddedTokenMatcher([right, both]).segments("<r> \n b\n ") == ["[2]", "b", "[3]"])
        #expect(matcher.segments("a \u{3000}<l> b") == ["a", "[1]", " b"])
        #expect(matcher.segments("a <r> \n b") == ["a ", "[2]", "b"])
        #expect(matcher.segments("<r> <l>") == ["[2]", "[1]"])
        #expect(matcher.segments(" <l>") == ["[1]"])
    }

    @Test(
        "a single-word token is not matched inside a word",
        arguments: [
            ("the cat", ["the ", "[1]"]), ("cats", ["cats"]), ("écat", ["écat"]), ("cat-", ["[1]", "-"]),
            ("_cat", ["_cat"]), ("cat\u{301}", ["cat\u{301}"]), ("2cat", ["2cat"]),
        ])
    func singleWord(text: String, expected: [String]) {
        var cat = token(1, "cat")
        cat.isSingleWord = true
        #expect(AddedTokenMatcher([cat]).segments(text) == expected)
    }

    private func token(_ id: Int32, _ text: String, special: Bool = false) -> AddedToken {
        AddedToken(id: id, text: text, isSpecial: special)
    }
}

extension AddedTokenMatcher {
    /// Text as it stands, tokens as their id in brackets.
    fileprivate func segments(_ text: String, parseSpecial: Bool = true) -> [String] {
        var segments: [String] = []
        var text = text
        text.withUTF8 { bytes in
            split(UTF8Text(UnsafeRawBufferPointer(bytes)), parseSpecial: parseSpecial) { segment in
                switch segment {
                case .text(let text, _): segments.append(String(decoding: text.bytes, as: UTF8.self))
                case .token(let id): segments.append("[\(id)]")
                }
            }
        }
        return segments
    }
}

import Testing
import TopsailTokenizer

@Suite("JSON") struct JSONDocumentTests {
    @Test("values of every kind are read")
    func values() throws {
        let root = try JSONDocument(Array(#"{"a": [1, -2.5e3, "x", null, true, false, {}], "b": {"c": []}}"#.utf8)).root
        let elements = try #require(root["a"]?.elements.map(Array.init))
        #expect(elements.map(\.kind) == [.number, .number, .string, .null, .true, .false, .object])
        #expect(elements[0].int == 1 && elements[1].int == nil)
        #expect(elements[2].string == "x" && elements[4].bool == true && elements[5].bool == false)
        #expect(root["b"]?["c"]?.elements.map(Array.init)?.isEmpty == true)
        #expect(root["c"] == nil && elements[0]["a"] == nil)
    }

    @Test(
        "escapes are resolved",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0120a\u00e9""#, "Ġaé"),
            (#""\ud83d\udc4D!""#, "👍!"),
            (#""\u0000""#, "\0"), (#""日""#, "日"), (#""""#, ""),
        ])
    func escapes(text: String, expected: String) throws {
        let found = try #require(try JSONDocument(Array(text.utf8)).root.string)
        #expect(isSame(found, expected))
    }

    @Test("names that are canonically equivalent stay apart")
    func canonicalEquivalence() throws {
        let root = try JSONDocument(Array(#"{"\u00e9": 1, "e\u0301": 2}"#.utf8)).root
        #expect(root["\u{E9}"]?.int == 1)
        #expect(root["e\u{301}"]?.int == 2)
    }

    @Test(
        "what is not strict JSON is refused",
        arguments: [
            "", " ", "{", "}", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":1,}", "{a:1}", "{1:2}", "01", "-", "1.", "1e", ".5",
            "+1", "nul", "tru e", "\"", "\"\n\"", #""\x""#, #""\u12g4""#, #""\ud800""#, #""\udc00""#,
            #""\ud800\u0041""#,
            "1 1", "[1]]", "'a'", "\u{FEFF}1", "NaN", "//\n1",
        ])
    func refused(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONDocument(Array(text.utf8)) }
    }

    @Test("the place of an error is told")
    func place() throws {
        let error = try #require(throws: JSONSyntaxError.self) { try JSONDocument(Array(#"{"a": [1, x]}"#.utf8)) }
        #expect(error.offset == 10)
    }

    @Test("bytes that are not UTF-8 are refused")
    func invalidText() {
        #expect(throws: JSONSyntaxError.self) { try JSONDocument([0x22, 0xFF, 0x22]) }
    }

    @Test("deep nesting is refused instead of exhausting the stack")
    func deep() throws {
        #expect(throws: Never.self) { try JSONDocument(Array((nested(64)).utf8)) }
        #expect(throws: JSONSyntaxError.self) { try JSONDocument(Array((nested(1_000_000)).utf8)) }
    }

    @Test("every cut of a text is refused or is a whole value")
    func truncation() {
        let text = Array(#"{"a": ["\u00e9", 12, {"b": null}]}"#.utf8)
        for length in text.indices {
            #expect(throws: JSONSyntaxError.self, "\(length) bytes") { try JSONDocument(Array(text[..<length])) }
        }
    }

    private func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
}

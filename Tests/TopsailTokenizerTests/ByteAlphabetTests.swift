import Testing
import TopsailTokenizer

@Suite("The byte alphabet") struct ByteAlphabetTests {
    @Test("each byte has a spelling of its own that reads back as the byte")
    func everyByte() {
        let spellings = (UInt8.min...UInt8.max).map { ByteAlphabet.spelling(of: [$0]) }
        #expect(Set(spellings.map { Array($0.utf8) }).count == 256)
        for (byte, spelling) in spellings.enumerated() {
            #expect(bytes(spelledBy: spelling) == [UInt8(byte)])
        }
    }

    @Test("space, line feed and letters are spelled as in published vocabularies")
    func knownSpellings() {
        #expect(ByteAlphabet.spelling(of: " a\n".utf8) == "ĠaĊ")
        #expect(ByteAlphabet.spelling(of: "é".utf8) == "Ã©")
    }

    @Test("what is not in the alphabet is refused", arguments: [" ", "a b", "\n", "\u{AD}", "Ń\u{144}", "日", "👍"])
    func outside(text: String) {
        #expect(bytes(spelledBy: text) == nil)
    }

    @Test(
        "bytes that are not UTF-8 are refused", arguments: [[0xC4], [0xC4, 0x20], [0x80], [0x61, 0xE2]] as [[UInt8]])
    func broken(bytes: [UInt8]) {
        var output: [UInt8] = [1]
        #expect(!bytes.withUnsafeBytes { ByteAlphabet.appendBytes(spelledBy: $0, to: &output) })
        #expect(output == [1])
    }

    private func bytes(spelledBy text: String) -> [UInt8]? {
        var output: [UInt8] = []
        return Array(text.utf8).withUnsafeBytes { ByteAlphabet.appendBytes(spelledBy: $0, to: &output) } ? output : nil
    }
}

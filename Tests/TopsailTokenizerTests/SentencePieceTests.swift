import Foundation
import Testing
import TopsailTestSupport
import TopsailTokenizer

@Suite("SentencePiece and tiktoken files") struct SentencePieceTests {
    /// A piece of a model file: its text, score and type.
    private static func piece(_ text: String, _ score: Float, _ type: UInt8 = 1) -> [UInt8] {
        let bits = score.bitPattern
        let message: [UInt8] =
            [0x0A, UInt8(text.utf8.count)] + Array(text.utf8) + [0x15]
            + (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) } + [0x18, type]
        return [0x0A, UInt8(message.count)] + message
    }

    /// A model of the given kind (1 unigram, 2 BPE) that keeps white space and has no character map.
    private static func model(kind: UInt8) -> [UInt8] {
        piece("<unk>", 0, 2) + piece("<s>", 0, 3) + piece("</s>", 0, 3) + piece("▁", -3) + piece("a", -4)
            + piece("b", -5) + piece("ab", -1) + piece("▁ab", -2) + piece("<x>", 0, 4)
            + [0x12, 0x02, 0x18, kind] + [0x1A, 0x02, 0x20, 0x00]
    }

    @Test("a model is read by its kind", arguments: [1, 2] as [UInt8])
    func model(kind: UInt8) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("tokenizer.model", Self.model(kind: kind))
        let tokenizer = try TokenizerLoader.load(model: path)
        func ids(_ text: String) -> [Int32] { tokenizer.encode(text, addSpecial: false, parseSpecial: false) }
        #expect(ids("ab") == [7])
        #expect(ids("ab  ab") == [7, 3, 7])
        #expect(ids("a<x>bzz") == [3, 4, 8, 5, 0])
        #expect(ids("") == [])
        #expect(tokenizer.bos == 1 && tokenizer.eos == 2)
        #expect(tokenizer.decode([7, 3, 7]) == "ab  ab")
        #expect(tokenizer.encode("<s>ab", addSpecial: false, parseSpecial: true) == [1, 7])
    }

    @Test("every cut of a model is refused or is a smaller model, and nothing traps")
    func truncation() throws {
        let model = Self.model(kind: 2)
        let folder = try TemporaryFolder()
        for length in model.indices {
            let path = try folder.file("tokenizer.model", Array(model[..<length]))
            _ = try? TokenizerLoader.load(model: path)
        }
    }

    @Test(
        "a broken model is refused with its place",
        arguments: [
            ([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], "breaks off"), ([0x07], "breaks off"), ([], "pieces"),
            (piece("a", .nan), "pieces[0]"), (piece("a", 0, 9), "pieces[0]"), (piece("a", 0) + piece("a", 0), "twice"),
            (piece("a", 0) + [0x12, 0x02, 0x18, 0x03], "WORD"), (piece("a", 0, 5), "UNUSED"),
            (piece("a", 0) + [0x1A, 0x04, 0x12, 0x02, 0x01, 0x02], "precompiled_charsmap"),
        ] as [([UInt8], String)])
    func broken(bytes: [UInt8], problem: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("tokenizer.model", bytes)
        let error = try #require(throws: TokenizerError.self) { try TokenizerLoader.load(model: path) }
        #expect(error.description.contains(problem), "\(error)")
    }

    @Test("ranks of tiktoken need a pattern, unless they are published ones")
    func tiktoken() throws {
        let tokens = (UInt8.min...UInt8.max).map { [$0] } + [Array("ab".utf8), Array("abc".utf8)]
        let lines = tokens.enumerated().map { "\(Data($1).base64EncodedString()) \($0)\n" }.joined()
        let folder = try TemporaryFolder()
        let path = try folder.file("x.tiktoken", Array(lines.utf8))
        let error = try #require(throws: TokenizerError.self) { try TokenizerLoader.load(tiktoken: path) }
        #expect(error.description.contains("258 tokens"))
        let tokenizer = try TokenizerLoader.load(tiktoken: path, pattern: #"\s+|\S+"#, specialTokens: ["<end>": 258])
        #expect(tokenizer.encode("abc ab", addSpecial: false, parseSpecial: false) == [257, 32, 256])
        #expect(tokenizer.encode("a<end>", addSpecial: false, parseSpecial: true) == [97, 258])
        #expect(tokenizer.decode([257, 32, 256, 258]) == "abc ab<end>")
    }

    @Test("a folder with vocab.json and merges.txt is read; one without anything is refused")
    func vocabularyFolder() throws {
        let folder = try TemporaryFolder()
        let error = try #require(throws: TokenizerError.self) { try TokenizerLoader.load(folder: folder.path("")) }
        #expect(error.description.contains("tokenizer.json"))
        _ = try folder.file("vocab.json", Array(#"{"a": 0, "b": 1, "Ġ": 2, "ab": 3, "<|endoftext|>": 4}"#.utf8))
        _ = try folder.file("merges.txt", Array("#version: 0.2\na b\n".utf8))
        let tokenizer = try TokenizerLoader.load(folder: folder.path(""))
        #expect(tokenizer.encode("ab a", addSpecial: false, parseSpecial: false) == [3, 2, 0])
        #expect(tokenizer.eos == 4 && tokenizer.isSpecial(4))
    }
}

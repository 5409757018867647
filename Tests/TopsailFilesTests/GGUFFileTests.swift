import Testing
import TopsailFiles
import TopsailTensor
import TopsailTestSupport

@Suite("GGUF files") struct GGUFFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func open(_ builder: GGUFBuilder) throws -> GGUFFile {
        try GGUFFile(path: folder.file("model.gguf", builder.build()))
    }

    @Test("settings keep the order of the file, and are read by type")
    func settings() throws {
        let metadata = try open(.sample).metadata
        #expect(
            metadata.keys == ["general.architecture", "sloop.block_count", "tokenizer.ggml.tokens", "nested"])
        #expect(metadata.string("general.architecture") == "sloop")
        #expect(metadata.int("sloop.block_count") == 3)
        #expect(metadata.float("sloop.block_count") == 3)
        #expect(metadata.strings("tokenizer.ggml.tokens") == ["a", "", "é", "three words here"])
        #expect(metadata.byteStrings("tokenizer.ggml.tokens")?[2] == [0xC3, 0xA9])
        #expect(metadata.array("nested")?.elements.first?.array?.ints == [7, 9])
        #expect(metadata.int("general.architecture") == nil)
        #expect(metadata.string("absent") == nil)
    }

    @Test("bytes of a text that are not UTF-8 are kept, and shown as U+FFFD")
    func brokenText() throws {
        var file = GGUFBuilder()
        let broken: [UInt8] = [0x61, 0xFF, 0x62]
        file.set(
            "pieces", type: 9,
            GGUFBuilder.bytes(UInt32(8)) + GGUFBuilder.bytes(UInt64(1)) + GGUFBuilder.bytes(UInt64(3)) + broken)
        let metadata = try open(file).metadata
        #expect(metadata.byteStrings("pieces") == [broken])
        #expect(metadata.strings("pieces") == ["a\u{FFFD}b"])
    }

    @Test("a needed setting is named when it is absent or of another type")
    func requiredSettings() throws {
        let metadata = try open(.sample).metadata
        #expect(try metadata.requiredInt("sloop.block_count") == 3)
        #expect(try failure { _ = try metadata.requiredInt("sloop.width") }.reason == .missingKey("sloop.width"))
        #expect(
            try failure { _ = try metadata.requiredFloat("general.architecture") }.reason
                == .wrongType(key: "general.architecture", expected: "a number", found: "a text"))
    }

    @Test("shapes are outermost first, and values come out as stored")
    func tensors() throws {
        let file = try open(.sample)
        #expect(file.tensors.map(\.name) == ["weight", "scalar", "blocks"])
        #expect(file.info("weight")?.shape == [2, 3])
        #expect(file.info("scalar")?.shape == [])
        #expect(try file.floats("weight") == [1, 2, 3, -4, 5.5, 6])
        #expect(try file.floats("scalar") == [0.25])
        #expect(try file.floats("blocks") == (0..<32).map(Float.init))
        let matrix = try file.matrix("weight")
        #expect(matrix.rows == 2 && matrix.columns == 3)
        #expect(Array(matrix.row(1)) == [-4, 5.5, 6])
    }

    @Test("a tensor that is absent or of another shape is named, with the nearest names")
    func requiredTensors() throws {
        let file = try open(.sample)
        let missing = try failure { _ = try file.require("weights") }
        #expect(missing.reason == .missingTensor("weights", similar: ["weight"]))
        #expect(missing.hint?.contains("weight") == true)
        #expect(
            try failure { _ = try file.require("weight", shape: [3, 2]) }.reason
                == .shapeMismatch(tensor: "weight", expected: [3, 2], found: [2, 3]))
        #expect(try failure { _ = try file.matrix("blocks") }.reason.name == "corrupt")
    }

    @Test("version 2 reads like version 3")
    func versionTwo() throws {
        var file = GGUFBuilder.sample
        file.version = 2
        #expect(try open(file).floats("weight") == [1, 2, 3, -4, 5.5, 6])
    }

    @Test("a file without tensors opens, as vocabulary files have none")
    func onlySettings() throws {
        var file = GGUFBuilder()
        file.set("general.name", "words")
        #expect(try open(file).tensors.isEmpty)
    }
}

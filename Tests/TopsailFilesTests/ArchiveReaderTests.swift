import Foundation
import Testing
import TopsailFiles
import TopsailTestSupport

@Suite("Opening by content") struct ArchiveReaderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("the name does not matter")
    func byContent() throws {
        let gguf = try folder.file("weights.bin", GGUFBuilder.sample.build())
        #expect(try ArchiveReader.open(gguf) is GGUFFile)
        let safetensors = try folder.file("weights.gguf", SafetensorsSample.bytes(in: folder))
        #expect(try ArchiveReader.open(safetensors) is SafetensorsFile)
    }

    @Test(
        "what a file looks like instead is said",
        arguments: [
            (Array("<!DOCTYPE html>".utf8), "web page"), (Array("lmgg".utf8), "before GGUF"),
            (ZipSample.stored.bytes, "zip"),
        ])
    func otherFormats(bytes: [UInt8], word: String) throws {
        let path = try folder.file("model.gguf", bytes)
        let error = try failure { _ = try ArchiveReader.open(path) }
        #expect(error.reason.name == "notThisFormat")
        #expect(error.description.contains(word), "\(error)")
    }

    @Test("a PyTorch file from before 1.6, a bare pickle, is refused by name")
    func barePickle() throws {
        let path = try folder.file("model.pt", [0x80, 2, 0x8A, 10, 0x6C, 0xFC])
        let error = try failure { _ = try ArchiveReader.open(path) }
        #expect(error.reason.name == "unsupported")
        #expect(error.description.contains("pickle"), "\(error)")
    }

    @Test("a missing file and a folder are said to be so")
    func unreadable() throws {
        #expect(
            try failure { _ = try ArchiveReader.open(folder.path("absent")) }.reason == .unreadable(errno: ENOENT))
        #expect(try failure { _ = try ArchiveReader.open(folder.url.path) }.reason == .unreadable(errno: EISDIR))
    }
}

@Suite("Files of other writers", .enabled(if: Fixtures.has("models"), "the fixtures are not there"))
struct OtherWritersTests {
    @Test(
        "every whole fixture opens, and its floating-point tensors are readable", arguments: ["gguf", "models", "sae"])
    func allOpen(folder: String) throws {
        var opened = 0
        let names = FileManager.default.enumerator(atPath: Fixtures.path(folder))?.compactMap { $0 as? String } ?? []
        for name in names where name.hasSuffix(".gguf") || name.hasSuffix(".safetensors") {
            guard !name.split(separator: "/").contains("bad") else { continue }
            let archive = try ArchiveReader.open(Fixtures.path("\(folder)/\(name)"))
            for tensor in archive.tensors where tensor.dtype == .f32 {
                #expect(try archive.floats(tensor.name).count == tensor.elementCount)
            }
            opened += 1
        }
        #expect(opened > 10)
    }
}

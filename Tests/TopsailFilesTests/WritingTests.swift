import Foundation
import Testing
import TopsailFiles
import TopsailTestSupport

@Suite("Writing files") struct WritingTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("the old content stays until the new is complete")
    func replacement() throws {
        let path = try folder.file("log", Array("old".utf8))
        let file = try PendingFile(path: path)
        try file.append(Data("ne".utf8))
        try file.append(Data("w".utf8))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
        try file.commit()
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["log"])
    }

    @Test("a file that is given up changes nothing")
    func abandoned() throws {
        let path = try folder.file("log", Array("old".utf8))
        do {
            let file = try PendingFile(path: path)
            try file.append(Data("new".utf8))
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["log"])
    }

    @Test("a file that stays until it is complete is gone on with, if it is the same file")
    func staying() throws {
        let path = folder.path("rows.safetensors")
        let partial = path + ".partial"
        let bytes = (0..<24).map { UInt8($0) }
        func open(rows: Int = 3, written: Int) throws -> SafetensorsWriter {
            try SafetensorsWriter(
                path: path, tensor: .init("a", .f32, [rows, 2]), stayingAt: partial, written: written)
        }
        func append(_ range: Range<Int>, _ writer: SafetensorsWriter) throws {
            try bytes[range].withUnsafeBytes { try writer.append($0, to: "a") }
        }
        do { try append(0..<10, open(written: 0)) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["rows.safetensors.partial"])
        do {
            let writer = try open(written: 8)
            #expect(writer.written(to: "a") == 8)
            try append(8..<24, writer)
            try writer.finish()
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["rows.safetensors"])
        let file = try SafetensorsFile(path: path)
        #expect(Array(file.bytes(of: try #require(file.info("a")))) == bytes)

        do { try append(0..<16, open(written: 0)) }
        #expect(try open(written: 24).written(to: "a") == 0)
        do { try append(0..<16, open(written: 0)) }
        #expect(try open(rows: 4, written: 8).written(to: "a") == 0)
    }

    @Test("a folder that is not there is named in the error")
    func missingFolder() throws {
        let path = folder.path("absent/log")
        let error = try failure { try AtomicFile.write("text", to: path) }
        #expect(error.reason == .unwritable(errno: ENOENT))
        #expect(error.description.contains(path))
    }
}

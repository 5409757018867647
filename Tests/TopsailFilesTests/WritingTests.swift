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

    @Test("a folder that is not there is named in the error")
    func missingFolder() throws {
        let path = folder.path("absent/log")
        let error = try failure { try AtomicFile.write("text", to: path) }
        #expect(error.reason == .unwritable(errno: ENOENT))
        #expect(error.description.contains(path))
    }
}

import Foundation
import Testing
import TopsailFiles
import TopsailTestSupport

@Suite("zip archives") struct ZipArchiveTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func open(_ bytes: [UInt8]) throws -> ZipArchive { try ZipArchive(path: folder.file("a.zip", bytes)) }

    @Test("entries are read in every layout", arguments: ZipSample.allCases)
    func entries(sample: ZipSample) throws {
        let archive = try open(sample.bytes)
        #expect(archive.entries.map(\.name) == ["folder/log.txt", "empty.bin"])
        let entry = try #require(archive.entry(named: "folder/log.txt"))
        #expect(entry.size == ZipSample.text.utf8.count)
        #expect(try archive.contents(of: entry, limit: entry.size) == Data(ZipSample.text.utf8))
        #expect(try archive.contents(of: #require(archive.entry(named: "empty.bin")), limit: 0).isEmpty)
        #expect((archive.storedBytes(of: entry) != nil) == (sample == .stored))
    }

    @Test("an entry is extracted to a file, whole or not at all")
    func extraction() throws {
        let archive = try open(ZipSample.deflated.bytes)
        let entry = try #require(archive.entry(named: "folder/log.txt"))
        let path = folder.path("log.txt")
        try archive.extract(entry, to: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == ZipSample.text)

        var damaged = ZipSample.stored.bytes
        damaged[60] ^= 1
        let broken = try open(damaged)
        let other = folder.path("other.txt")
        let error = try failure { try broken.extract(#require(broken.entry(named: "folder/log.txt")), to: other) }
        #expect(error.reason.name == "corrupt" && error.description.contains("checksum"), "\(error)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == ["a.zip", "log.txt"])
    }

    @Test("more than the caller expects is refused before it is read")
    func limit() throws {
        let archive = try open(ZipSample.deflated.bytes)
        let entry = try #require(archive.entry(named: "folder/log.txt"))
        let error = try failure { _ = try archive.contents(of: entry, limit: entry.size - 1) }
        #expect(error.reason.name == "outOfRange")
    }

    @Test("an entry that inflates to more than announced is refused")
    func bomb() throws {
        let sample = ZipSample.deflated.bytes
        let size = UInt32(ZipSample.text.utf8.count)
        let honest = GGUFBuilder.bytes(size)
        let archive = try open(replacing(sample, honest, by: GGUFBuilder.bytes(size - 1)))
        let entry = try #require(archive.entry(named: "folder/log.txt"))
        let error = try failure { _ = try archive.contents(of: entry, limit: 1 << 20) }
        #expect(error.reason.name == "corrupt" && error.description.contains("larger"), "\(error)")
    }

    @Test(
        "a name that leads out of the folder is refused",
        arguments: [
            "../older/log.t", "/folder/log.tx", "folder/../../.", "C:older/log.tx", "folder\\log.txt",
            "folder/lo\0.txt",
        ])
    func names(name: String) throws {
        #expect(name.utf8.count == "folder/log.txt".utf8.count)
        let bytes = replacing(ZipSample.stored.bytes, Array("folder/log.txt".utf8), by: Array(name.utf8))
        #expect(try failure { _ = try open(bytes) }.reason.name == "corrupt")
    }

    @Test("encrypted entries and unknown methods are listed, but not read")
    func unsupported() throws {
        // In the directory's first record: flags at 8, method at 10.
        let record = try #require(ZipSample.stored.bytes.firstRange(of: [0x50, 0x4B, 1, 2])).lowerBound
        for (place, value) in [(8, 1), (10, 12)] as [(Int, UInt8)] {
            var bytes = ZipSample.stored.bytes
            bytes[record + place] = value
            let archive = try open(bytes)
            let entry = try #require(archive.entry(named: "folder/log.txt"))
            #expect(try failure { _ = try archive.contents(of: entry, limit: 1 << 20) }.reason.name == "unsupported")
        }
    }

    @Test("a file that is no zip is said not to be one")
    func otherFormat() throws {
        #expect(
            try failure { _ = try open(Array("no zip at all, but long enough".utf8)) }.reason.name == "notThisFormat")
    }

    /// The bytes with every occurrence of `old` replaced.
    private func replacing(_ bytes: [UInt8], _ old: [UInt8], by new: [UInt8]) -> [UInt8] {
        var result = bytes
        for range in bytes.ranges(of: old) { result.replaceSubrange(range, with: new) }
        return result
    }
}

import Foundation
import Testing
import TopsailCatalog
import TopsailCore

@Suite("Opening a catalog") struct OpeningTests {
    @Test("what was written is there after reopening, and opening again changes nothing")
    func reopens() throws {
        let sample = try SampleCatalog()
        try sample.catalog.setNote("kept", of: .sample(3))
        let again = try sample.reopened()
        #expect(try again.neuron(.sample(3)).note == "kept")
        #expect(try again.saes() == sample.catalog.saes())
        #expect(try again.check() == [])
    }

    @Test("a catalog from a newer version is refused with its path")
    func newerVersion() throws {
        let sample = try SampleCatalog()
        try sample.catalog.execute(sql: "INSERT INTO grdb_migrations VALUES ('99999')")
        let path = sample.path
        #expect(reason { _ = try Catalog(path: path) } == .newerVersion(path: path))
        #expect(CatalogError(.newerVersion(path: path)).description.contains(path))
    }

    @Test(
        "a catalog from a newer version that nobody has open is not changed by being refused", arguments: [true, false])
    func newerVersionAlone(isCompact: Bool) throws {
        let sample = try SampleCatalog()
        let folder = sample.folder + "/alone"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let path = folder + "/catalog.sqlite"
        try sample.catalog.execute(sql: "INSERT INTO grdb_migrations VALUES ('99999')")
        try sample.catalog.backup(to: path)
        if !isCompact {
            // As SQLite leaves a write-ahead database that everybody closed: versions 2 of the format for reading and writing.
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            try file.seek(toOffset: 18)
            try file.write(contentsOf: Data([2, 2]))
            try file.close()
        }
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(reason { _ = try Catalog(path: path) } == .newerVersion(path: path))
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["catalog.sqlite"])
    }

    @Test("a catalog from an older version needs permission to be brought up to date")
    func olderVersion() throws {
        let sample = try SampleCatalog()
        try sample.catalog.execute(sql: "DELETE FROM grdb_migrations")
        let path = sample.path
        #expect(reason { _ = try Catalog(path: path, mode: .readOnly) } == .olderVersion(path: path))
    }

    @Test("files that are something else are refused and left as they are", arguments: ["text", "short", "zeros"])
    func notACatalog(kind: String) throws {
        let sample = try SampleCatalog()
        let path = sample.folder + "/other"
        let contents: Data =
            switch kind {
            case "text": Data(String(repeating: "Not a database. ", count: 100).utf8)
            case "short": Data("SQLite format 3\0".utf8)
            default: Data(count: 8192)
            }
        try contents.write(to: URL(fileURLWithPath: path))
        for mode in [Catalog.Mode.readWrite, .readOnly] {
            #expect(reason { _ = try Catalog(path: path, mode: mode) } == .notACatalog(path: path))
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == contents)
    }

    @Test("another program's SQLite file is refused", arguments: [0, 7])
    func foreignDatabase(applicationID: Int) throws {
        let sample = try SampleCatalog()
        let copy = sample.folder + "/foreign.sqlite"
        try sample.catalog.execute(sql: "PRAGMA application_id = \(applicationID)")
        try sample.catalog.backup(to: copy)
        #expect(reason { _ = try Catalog(path: copy) } == .notACatalog(path: copy))
    }

    @Test("a folder, a missing folder and a missing file are told apart")
    func unopenable() throws {
        let sample = try SampleCatalog()
        let missing = sample.folder + "/nowhere/catalog.sqlite"
        let absent = sample.folder + "/absent.sqlite"
        let folder = sample.folder
        #expect(reason { _ = try Catalog(path: folder) } == .cannotOpen(path: folder, why: "it is a folder"))
        #expect(
            reason { _ = try Catalog(path: missing) }
                == .cannotOpen(path: missing, why: "there is no folder \(folder)/nowhere"))
        #expect(
            reason { _ = try Catalog(path: absent, mode: .readOnly) }
                == .cannotOpen(path: absent, why: "there is no such file"))
        #expect(!FileManager.default.fileExists(atPath: absent))
    }

    @Test("a read-only catalog reads and refuses to write")
    func readOnly() throws {
        let sample = try SampleCatalog()
        let path = sample.path
        let reader = try sample.reopened(.readOnly)
        #expect(try reader.saes().count == 1)
        #expect(reason { try reader.addTag("violence", to: .sample(0)) } == .readOnly(path: path))
    }

    @Test("broken pages are reported with the file's name")
    func brokenPages() throws {
        let sample = try SampleCatalog(width: 4096)
        try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { writer in
            try writer.add(
                (0..<4096).map { index in
                    DerivedNeuron(
                        index: index, explanations: [NeuronExplanation(source: "tokens", text: "number \(index)")])
                })
        }
        let copy = sample.folder + "/broken.sqlite"
        try sample.catalog.backup(to: copy)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: copy))
        for offset in stride(from: 4096 * 8, to: bytes.count, by: 4096) {
            bytes.replaceSubrange(offset..<offset + 64, with: Data(repeating: 0xFF, count: 64))
        }
        try bytes.write(to: URL(fileURLWithPath: copy))
        let found = reason {
            let broken = try Catalog(path: copy)
            _ = try broken.neurons()
        }
        guard case .damaged(let path, _) = try #require(found) else {
            Issue.record("expected damaged, found \(String(describing: found))")
            return
        }
        #expect(path == copy)
    }

    @Test("a backup is a single file that opens read-only and holds the same; nothing is overwritten")
    func backup() throws {
        let sample = try SampleCatalog()
        try sample.catalog.setExplanation("weather words", of: .sample(5))
        let copy = sample.folder + "/copy.sqlite"
        try sample.catalog.backup(to: copy)
        #expect(
            reason { try sample.catalog.backup(to: copy) } == .cannotOpen(path: copy, why: "there is a file already"))
        let reader = try Catalog(path: copy, mode: .readOnly)
        #expect(try reader.neurons() == sample.catalog.neurons())
        #expect(try reader.neuron(.sample(5)).row.explanation == "weather words")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: sample.folder).filter { $0.contains("partial") } == [])
    }

    @Test("no space left is told in words, and the change that found none is not there in part")
    func diskFull() throws {
        let sample = try SampleCatalog(width: 4096)
        try sample.catalog.setNote("before", of: .sample(0))
        let pages = try #require(try sample.catalog.integer(sql: "PRAGMA page_count"))
        try sample.catalog.limitPages(to: pages + 2)
        let path = sample.path
        let long = String(repeating: "long ", count: 20_000)
        #expect(reason { try sample.catalog.setNote(long, of: .sample(0)) } == .diskFull(path: path))
        #expect(
            reason { try sample.catalog.addTags(["violence"], to: (0..<4096).map { .sample($0) }) }
                == .diskFull(path: path))
        let many = (0..<4096).map { DerivedNeuron(index: $0) }
        #expect(throws: CatalogError(.diskFull(path: path))) {
            try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { writer in try writer.add(many) }
        }
        #expect(try sample.catalog.neuron(.sample(0)).note == "before")
        #expect(try sample.catalog.log().count == 1)
        #expect(try sample.catalog.check() == [])
    }

    @Test("a temporary catalog takes its folder along")
    func temporary() throws {
        var catalog: Catalog? = try Catalog.temporary()
        let path = try #require(catalog?.path)
        #expect(FileManager.default.fileExists(atPath: path))
        catalog = nil
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}

import Foundation
import Testing
import TopsailCatalog
import TopsailCore

@Suite("Damaged catalogs") struct RescueTests {
    /// A catalog of 600 neurons with everything, as one file.
    private func makeFile() throws -> SampleCatalog {
        let sample = try SampleCatalog(width: 1024)
        let document = try sample.addDocument()
        try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { writer in
            try writer.add(
                (0..<600).map { index in
                    DerivedNeuron(
                        index: index, statistics: NeuronStatistics(density: 0.5, maxActivation: 2),
                        contexts: (0..<5).map { start in
                            NeuronContext(documentID: document, start: start, activations: (0..<100).map { Float($0) })
                        },
                        explanations: [
                            NeuronExplanation(
                                source: "tokens",
                                text: "explanation number \(index) " + String(repeating: "x", count: 100))
                        ],
                        tags: index % 3 == 0 ? [DerivedTag(slug: "violence.threat", source: .contrast)] : [])
                })
        }
        for index in 0..<40 {
            try sample.catalog.setNote("note \(index) " + String(repeating: "y", count: 300), of: .sample(index * 10))
            try sample.catalog.addTag("privacy", to: .sample(index))
        }
        try sample.catalog.setRating(3, of: .sample(9))
        try sample.catalog.createList("mine")
        try sample.catalog.add((0..<200).map { .sample($0) }, toList: "mine")
        try sample.catalog.backup(to: sample.folder + "/file.sqlite")
        return sample
    }

    /// Overwrites pages of one table: those SQLite counts as its leaves, or its root.
    private func damage(_ path: String, table: String, share: Double, seed: UInt64 = 1) throws -> Int {
        var random = SeededGenerator(seed: seed)
        let pages = try Catalog.pages(of: table, at: path)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let chosen = pages.filter { $0 > 1 }.shuffled(using: &random).prefix(max(1, Int(Double(pages.count) * share)))
        for page in chosen {
            let start = (page - 1) * 4096
            bytes.replaceSubrange(
                start..<start + 512, with: (0..<512).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
        try bytes.write(to: URL(fileURLWithPath: path))
        return chosen.count
    }

    @Test(
        "a damaged page of any table is named, and everything else is saved into a catalog that is whole",
        arguments: [
            "neuron", "neuron_evidence", "explanation", "derived_tag", "human_tag", "human_note", "list_member",
            "journal_change", "journal_step", "category", "sae", "corpus_document", "neuron_category",
            "neuron_search_data",
            "category_ancestor", "model", "grdb_migrations", "human_rating", "list",
        ])
    func damagedPage(table: String) throws {
        let sample = try makeFile()
        let path = sample.folder + "/file.sqlite"
        let whole = try sample.catalog.summary()
        _ = try damage(path, table: table, share: 0.1)
        let damaged = try Data(contentsOf: URL(fileURLWithPath: path))

        let found = try Catalog.damage(at: path)
        #expect(!found.isEmpty)
        #expect(found.contains { $0.table == table || $0.description.contains(table) }, "\(found.map(\.description))")

        let copy = sample.folder + "/copy.sqlite"
        let report = try Catalog.backup(path, to: copy)
        #expect(report != nil)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == damaged)
        let rescued = try Catalog(path: copy)
        #expect(try rescued.check() == [])
        let summary = try rescued.summary()
        // One page of a table holds a part of its rows; a page of a small table holds them all.
        switch table {
        case "sae", "model":
            #expect(summary.neurons == 600 && summary.saes == 1)
        case "corpus_document":
            #expect(summary.neurons == 600)
        default:
            #expect(summary.neurons == 600)
            #expect(summary.annotations == whole.annotations, "\(report?.damaged ?? [])")
        }
        #expect(try rescued.lists().map(\.count) == [200])
        if table == "human_note" { #expect(report?.damaged.map(\.name) == ["human_note"]) }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: sample.folder).filter { $0.contains("partial") } == [])
    }

    @Test("of a file with half of its evidence gone the other half is saved, and the lost neurons are named")
    func halfOfEvidence() throws {
        let sample = try makeFile()
        let path = sample.folder + "/file.sqlite"
        let count = try damage(path, table: "neuron_evidence", share: 0.5)
        #expect(count > 5)
        let copy = sample.folder + "/copy.sqlite"
        let report = try #require(try Catalog.backup(path, to: copy))
        let table = try #require(report.tables.first { $0.name == "neuron_evidence" })
        #expect(table.saved > 100 && table.saved < 600, "\(table)")
        #expect(table.lost.contains { $0.contains("14_") }, "\(table.lost)")
        let rescued = try Catalog(path: copy)
        #expect(try rescued.check() == [])
        #expect(try rescued.summary().explained == 600)
    }

    @Test("random damage anywhere but in the first page always ends in a whole catalog", arguments: 1...12)
    func randomDamage(seed: Int) throws {
        let sample = try makeFile()
        let path = sample.folder + "/file.sqlite"
        var random = SeededGenerator(seed: UInt64(seed))
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            let start = Int.random(in: 4096..<bytes.count - 600, using: &random)
            for offset in 0..<Int.random(in: 1...600, using: &random) {
                bytes[start + offset] = UInt8.random(in: 0...255, using: &random)
            }
        }
        try bytes.write(to: URL(fileURLWithPath: path))
        let copy = sample.folder + "/copy.sqlite"
        let report = try Catalog.backup(path, to: copy)
        let rescued = try Catalog(path: copy)
        #expect(try rescued.check() == [], "\(report?.damaged ?? [])")
    }

    @Test(
        "a damaged first page is named, and all of the catalog is saved from the others",
        arguments: [0..<4096, 0..<100, 100..<200, 16..<18])
    func firstPage(damaged: Range<Int>) throws {
        let sample = try makeFile()
        let path = sample.folder + "/file.sqlite"
        let whole = try sample.catalog.summary()
        var random = SeededGenerator(seed: 4)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for place in damaged { bytes[place] = UInt8.random(in: 1...255, using: &random) }
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(try Catalog.damage(at: path).contains { $0.page == 1 || $0.description.contains("SQLite") })
        let copy = sample.folder + "/copy.sqlite"
        #expect(try Catalog.backup(path, to: copy) != nil)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
        let rescued = try Catalog(path: copy)
        #expect(try rescued.check() == [])
        #expect(try rescued.derivedValues() == sample.catalog.derivedValues())
        let summary = try rescued.summary()
        #expect(summary.neurons == whole.neurons && summary.annotations == whole.annotations)
        #expect(summary.documents == whole.documents && summary.saes == whole.saes)
        #expect(try rescued.log().count == sample.catalog.log().count)
    }

    @Test("a file of something else is still no catalog")
    func notOurs() throws {
        let sample = try SampleCatalog()
        let path = sample.folder + "/other.bin"
        try Data((0..<40_000).map { UInt8(truncatingIfNeeded: $0 * 7) }).write(to: URL(fileURLWithPath: path))
        #expect(reason { _ = try Catalog.damage(at: path) } == .notACatalog(path: path))
    }

    @Test("a file that was cut off is refused in words, and what is left is saved", arguments: [0.9, 0.5, 0.2])
    func truncated(share: Double) throws {
        let sample = try makeFile()
        let path = sample.folder + "/file.sqlite"
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        try data.prefix(Int(Double(data.count) * share)).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: CatalogError.self) { _ = try Catalog(path: path) }
        #expect(error?.description.contains("it ends after") == true)
        #expect(try Catalog.damage(at: path).first?.description.contains("it ends after") == true)
        let copy = sample.folder + "/copy.sqlite"
        #expect(try Catalog.backup(path, to: copy) != nil)
        #expect(try Catalog(path: copy).check() == [])
    }

    @Test("a blob that says nothing is named with its neuron, and left out of what is saved")
    func brokenBlob() throws {
        let sample = try makeFile()
        try sample.catalog.execute(
            sql: "UPDATE neuron_evidence SET contexts = x'0102' WHERE neuron_id & 4294967295 = 17")
        let damage = try Catalog.damage(at: sample.path)
        #expect(damage.map(\.neuron) == [.sample(17)] && damage.map(\.column) == ["contexts"])
        #expect(damage.map(\.sae) == [SampleCatalog.sae] && damage.map(\.table) == ["neuron_evidence"])
        #expect(damage.map(\.description) == ["contexts of neuron 14_17 is broken"])
        let copy = sample.folder + "/copy.sqlite"
        let report = try #require(try Catalog.backup(sample.path, to: copy))
        #expect(report.damaged.map(\.lost) == [["contexts of 1 neurons"]])
        #expect(try Catalog(path: copy).neuron(.sample(17)).contexts == [])
    }

    @Test(
        "derived values that do not fit their sources are found and made again",
        arguments: [
            "UPDATE neuron SET tag_sources = 4 WHERE id & 4294967295 = 3",
            "UPDATE neuron SET explanation_source = 'model' WHERE id & 4294967295 = 3",
            "DELETE FROM neuron_category WHERE neuron_id & 4294967295 = 3",
            "DELETE FROM neuron_search WHERE rowid & 4294967295 = 3",
        ])
    func inconsistent(sql: String) throws {
        let sample = try makeFile()
        try sample.catalog.execute(sql: sql)
        #expect(try Catalog.damage(at: sample.path).map(\.neuron).contains(.sample(3)))
        let copy = sample.folder + "/copy.sqlite"
        #expect(try Catalog.backup(sample.path, to: copy) != nil)
        #expect(try Catalog(path: copy).check() == [])
    }

    @Test("a whole catalog is copied as it is and nothing is overwritten")
    func whole() throws {
        let sample = try makeFile()
        let copy = sample.folder + "/copy.sqlite"
        #expect(try Catalog.backup(sample.path, to: copy) == nil)
        #expect(try Catalog(path: copy).derivedValues() == sample.catalog.derivedValues())
        #expect(throws: CatalogError.self) { _ = try Catalog.backup(sample.path, to: copy) }
    }
}

import Foundation
import Testing
import TopsailCatalog
import TopsailCore

@Suite("Catalogs of older versions") struct MigrationTests {
    /// Rows of every kind as version 1 wrote them.
    static let rows = """
        INSERT INTO model VALUES (1, 'tiny', NULL);
        INSERT INTO sae VALUES (1, 'tiny-14', 1, 'mlp_out.14', 14, 'topk', 16, 32, 4, 'saes/tiny', NULL, '{"l0":4}', 1,
                                'stories', 4096, 128, 'BOS', 2);
        INSERT INTO corpus VALUES (1, 'stories');
        INSERT INTO corpus_document VALUES (7, 1, 0, 'weather', x'020500060007000800');
        INSERT INTO category VALUES (1, 'violence', NULL, 0, 'Violence', 'Force.', NULL),
                                    (2, 'violence.threat', 1, 1, 'Threat', NULL, NULL);
        INSERT INTO category_ancestor VALUES (1, 1), (2, 2), (2, 1);
        INSERT INTO neuron VALUES (4294967296 + 3, 1, 0.25, 1024, 2.5, 2.0, 1.0, 'human', NULL, 3),
                                  (4294967296 + 5, 1, 0.5, 2048, 3.5, 3.0, 1.5, 'tokens', 0.75, 0);
        -- Contexts: version 1, unsigned, scale 1.0, one of document 7 from 1, band 0, 2 tokens: no zeros, two that fire.
        INSERT INTO neuron_evidence VALUES (4294967296 + 3, NULL, x'01000000803F01070100020002FF80', NULL, NULL, NULL, NULL);
        INSERT INTO explanation VALUES (4294967296 + 5, 'tokens', 'rain', NULL);
        INSERT INTO explanation_score VALUES (4294967296 + 5, 'tokens', 'simulation', 0.75, 10, NULL, NULL, NULL);
        INSERT INTO derived_tag VALUES (4294967296 + 3, 2, 'contrast', 0.5, NULL, 8);
        INSERT INTO human_tag VALUES (4294967296 + 3, 2, 'added');
        INSERT INTO human_explanation VALUES (4294967296 + 3, 'threats of rain');
        INSERT INTO human_note VALUES (4294967296 + 3, 'look again');
        INSERT INTO list VALUES (1, 'mine', 'odd ones');
        INSERT INTO list_member VALUES (1, 4294967296 + 3);
        INSERT INTO journal_step VALUES (1, 1700000000.0, 'done'), (2, 1700000001.0, 'undone');
        INSERT INTO journal_change VALUES (1, 0, 'note', 4294967296 + 3, NULL, NULL, 'look again'),
                                          (2, 0, 'explanation', 4294967296 + 5, NULL, NULL, 'drizzle');
        INSERT INTO neuron_category VALUES (4294967296 + 3, 2, 1, 3, NULL, 0.25, 2.5), (4294967296 + 3, 1, 0, 3, NULL, 0.25, 2.5);
        INSERT INTO neuron_search(rowid, explanation, note, tags)
            VALUES (4294967296 + 3, 'threats of rain', 'look again', 'Threat violence.threat'), (4294967296 + 5, 'rain', NULL, NULL);
        """

    @Test("a catalog of version 1 opens with everything it held, and can do what the newest can")
    func fromVersion1() throws {
        let folder = try SampleCatalog()
        let path = folder.folder + "/old.sqlite"
        try Catalog.makeOld(at: path, version: "1", sql: Self.rows)
        #expect(reason { _ = try Catalog(path: path, mode: .readOnly) } == .olderVersion(path: path))
        #expect(try Catalog.damage(at: path).isEmpty)
        let copy = folder.folder + "/old-copy.sqlite"
        #expect(try Catalog.backup(path, to: copy) == nil)

        for place in [path, copy] {
            let catalog = try Catalog(path: place)
            let detail = try catalog.neuron(.sample(3))
            #expect(
                detail.row.explanation == "threats of rain" && detail.note == "look again" && detail.lists == ["mine"])
            #expect(detail.tags.map(\.sources) == [[.human, .contrast]])
            #expect(detail.contexts.map(\.tokens) == [[6, 7]] && detail.contexts.first?.topic == "weather")
            #expect(detail.contexts.first?.activations.first == 1)
            #expect(detail.rating == nil && detail.sae.metrics == ["l0": 4])
            #expect(try catalog.neuron(.sample(5)).row.correlationScore == 0.75)
            #expect(try catalog.lists() == catalog.lists() && catalog.lists().map(\.description) == ["odd ones"])
            #expect(try catalog.redo()?.changes.first?.after == "drizzle")
            #expect(try catalog.neuron(.sample(5)).row.explanation == "drizzle")
            try catalog.setRating(5, of: .sample(5))
            try catalog.addCategory(OwnCategory(slug: "weather", label: "Weather"))
            #expect(try catalog.check() == [])
        }
    }

    @Test("a catalog of version 2 or 3 opens with everything it held, and keeps filters", arguments: ["2", "3"])
    func fromVersion(version: String) throws {
        let folder = try SampleCatalog()
        let path = folder.folder + "/old.sqlite"
        // Version 2 added a column to categories, and words of contexts.
        let rows =
            Self.rows.replacing("'Force.', NULL)", with: "'Force.', NULL, 0)")
            .replacing("'Threat', NULL, NULL)", with: "'Threat', NULL, NULL, 0)")
            + "INSERT INTO context_search(rowid, text) VALUES (4294967296 + 5, 'umbrella');"
        try Catalog.makeOld(at: path, version: version, sql: rows)
        #expect(reason { _ = try Catalog(path: path, mode: .readOnly) } == .olderVersion(path: path))
        let catalog = try Catalog(path: path)
        let detail = try catalog.neuron(.sample(3))
        #expect(detail.row.explanation == "threats of rain" && detail.note == "look again" && detail.lists == ["mine"])
        #expect(detail.contexts.map(\.tokens) == [[6, 7]])
        for word in ["r", "ra", "rai", "rain"] {
            #expect(try SearchTests.found(word, in: catalog) == [3, 5], "\(word)")
        }
        for word in ["u", "um", "umb", "umbrella"] {
            #expect(try SearchTests.found(word, in: catalog) == [5], "\(word)")
        }
        let merging = "('automerge', 0), ('crisismerge', 64), ('hashsize', 1048576)"
        for table in ["neuron_search", "context_search"] {
            let sql = "SELECT count(*) FROM \(table)_config WHERE (k, v) IN (VALUES \(merging))"
            #expect(try catalog.integer(sql: sql) == 3)
        }
        try catalog.saveQuery(SavedQuery(name: "loud", text: "max>5"))
        #expect(try catalog.check() == [])
    }

    @Test("a catalog of version 1 is merged as it is, and stays version 1")
    func mergeOld() throws {
        let sample = try SampleCatalog()
        let path = sample.folder + "/old.sqlite"
        try Catalog.makeOld(at: path, version: "1", sql: Self.rows)
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let report = try sample.catalog.merge([path])
        #expect(report.parts.map(\.neurons) == [2] && report.parts.map(\.annotations) == [5])
        #expect(try sample.catalog.neuron(.sample(3)).note == "look again")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }
}

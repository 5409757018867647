import Foundation
import Testing
import TopsailCatalog
import TopsailCore
import TopsailTestSupport

@Suite("What is exported imports again") struct RoundTripTests {
    /// A neuron with something of everything.
    private func fill(_ place: InterchangeFolder) throws {
        let document = try place.sample.addDocument()
        let text = try place.catalog.addTexts(
            [TextDocument(topic: "t", tokens: ["a", "\u{1B}[31m", "\u{202E}"])], toCorpus: "texts")[0]
        try place.catalog.replaceDerived(sae: SampleCatalog.sae) { writer in
            try writer.add([
                DerivedNeuron(
                    index: 5,
                    statistics: NeuronStatistics(
                        density: 0.1, firedCount: 7, maxActivation: 3.3, q999: 2.2, meanPositive: 0.7),
                    histogram: ActivationHistogram(lowest: 0.1, ratio: 1.5, counts: [3, 0, 9]),
                    contexts: [
                        NeuronContext(documentID: document, start: 8, activations: [0, 1.5, 3.3]),
                        NeuronContext(documentID: text, start: 0, activations: [0.1, 0, 2], band: 2),
                    ],
                    logitEffects: LogitEffects(
                        top: [TokenEffect(token: 3, value: 0.1)], bottom: [TokenEffect(text: " x", value: -0.2)]),
                    similar: [NeuronLink(index: 6, value: 0.25)], coactive: [NeuronLink(index: 7, value: 0.125)],
                    explanations: [
                        NeuronExplanation(
                            source: "tokens", text: "words \u{7}", details: "how",
                            scores: [
                                ExplanationScore(
                                    scorer: "simulation", value: 0.1 + 0.2, samples: 9, low: 0.1, high: 0.4),
                                ExplanationScore(scorer: "fuzzing", value: 0.75, details: "d"),
                            ]), NeuronExplanation(source: "import:zh", text: ""),
                        NeuronExplanation(source: "endpoint", text: nil),
                    ],
                    tags: [
                        DerivedTag(slug: "violence.threat", source: .contrast, score: 0.9, effect: 1.25, pairs: 12),
                        DerivedTag(slug: "privacy", source: .imported),
                    ])
            ])
        }
        try place.catalog.addTags(["violence"], to: [.sample(5)])
        try place.catalog.removeTags(["privacy"], from: [.sample(5)])
        try place.catalog.setExplanation("mine", of: .sample(5))
        try place.catalog.setNote("note\nof two lines", of: .sample(5))
        try place.catalog.createList("list", description: "for tests")
        try place.catalog.add([.sample(5), .sample(9)], toList: "list")
        try place.catalog.execute(
            sql: "INSERT INTO human_rating(neuron_id, stars) SELECT id, 4 FROM neuron WHERE id & 31 = 5")
    }

    @Test("Topsail's own lines lose nothing on the way into an empty catalog")
    func lossless() throws {
        let place = try InterchangeFolder()
        try fill(place)
        let exported = try place.export(.jsonl)
        let path = try place.folder.file("all.jsonl", Data(exported.utf8))
        let empty = try Catalog(path: place.folder.path("empty.sqlite"))
        let report = try empty.importFile(.jsonl, at: path)
        #expect(report.skipped.isEmpty, "\(report.skipped)")
        #expect(try place.export(.jsonl, from: empty) == exported)
        let (old, new) = (try place.catalog.neuron(.sample(5)), try empty.neuron(.sample(5)))
        #expect(new.row == old.row)
        #expect(new.statistics == old.statistics)
        #expect(new.histogram == old.histogram)
        #expect(new.explanations == old.explanations)
        #expect(new.tags == old.tags)
        #expect(new.logitEffects == old.logitEffects)
        #expect(new.similar == old.similar)
        #expect(new.coactive == old.coactive)
        #expect(new.note == old.note)
        #expect(new.lists == old.lists)
        #expect(new.contexts.map(\.activations) == old.contexts.map(\.activations))
        #expect(new.contexts.map(\.tokens) == old.contexts.map(\.tokens))
        #expect(new.contexts.map(\.texts) == old.contexts.map(\.texts))
        #expect(new.contexts.map(\.start) == old.contexts.map(\.start))
        #expect(new.contexts.map(\.band) == [0, 2])
        #expect(new.sae.collection == old.sae.collection)
        #expect(try empty.lists() == place.catalog.lists())
        #expect(try empty.integer(sql: "SELECT stars FROM human_rating") == 4)
        #expect(try empty.check().isEmpty)
    }

    @Test("importing one's own export into the same catalog changes nothing")
    func same() throws {
        let place = try InterchangeFolder()
        try fill(place)
        let exported = try place.export(.jsonl)
        let rows = try place.rows()
        try place.bring(.jsonl, exported)
        #expect(try place.export(.jsonl) == exported)
        #expect(try place.rows().dropLast(3) == rows.dropLast(3))
    }

    @Test(
        "Safe-SAIL's published database comes back as it was",
        .enabled(if: Fixtures.has("safe-sail/en_db.json"), "no fixtures"))
    func safeSAIL() throws {
        let taxonomy = try Taxonomy.decode(
            Data(
                """
                {"version": 1, "name": "four", "domains": [
                  {"id": "politics", "label": "P", "safe_sail": "Politics", "concepts": []},
                  {"id": "sexual", "label": "S", "safe_sail": "Pornography", "concepts": []},
                  {"id": "violence", "label": "V", "safe_sail": "Violence", "concepts": []},
                  {"id": "terrorism", "label": "T", "safe_sail": "Terror", "concepts": []}]}
                """.utf8), path: "taxonomy.json")
        let catalog = try Catalog.temporary()
        try catalog.install(taxonomy)
        let report = try catalog.importFile(.safeSAIL, at: Fixtures.path("safe-sail/en_db.json"))
        #expect(report.neurons == 4700)
        #expect(report.explanations == 4700)
        #expect(report.tags == 1144 + 582 + 309 + 63)
        #expect(report.skipped.isEmpty)
        let folder = try TemporaryFolder()
        #expect(try catalog.export(.safeSAIL, .matching(NeuronFilter()), to: folder.path("db.json")) == 4700)
        let old = try Fixtures.json("safe-sail/en_db.json").object ?? [:]
        let file = try Data(contentsOf: URL(fileURLWithPath: folder.path("db.json")))
        let new = try JSONDecoder().decode(JSONValue.self, from: file).object ?? [:]
        #expect(old.count == new.count)
        for (key, value) in old {
            let other = try #require(new[key])
            #expect(value["explanation"] == other["explanation"])
            #expect(value["correlation_score"] == other["correlation_score"])
            #expect(Set(value["tag_list"].strings ?? []) == Set(other["tag_list"].strings ?? ["?"]))
        }
    }

    @Test("null, empty and masked explanations stay apart; unknown keys are told")
    func kinds() throws {
        let place = try InterchangeFolder()
        let text =
            #"{"17_1":{"explanation":null,"correlation_score":0.25,"tag_list":["violence","magic"]},"#
            + #""17_2":{"explanation":"","correlation_score":0.5,"tag_list":[]},"#
            + #""8_3":{"explanation":"***","correlation_score":0.3,"tag_list":[]},"x":{"explanation":"y"}}"#
        let report = try place.bring(.safeSAIL, text, name: "en_db.json")
        #expect(
            report.skipped.map { "\($0.place): \($0.why)" } == [
                "entry 17_1: the taxonomy has no category “magic”", "entry x: a key is not layer_index",
            ])
        #expect(try place.catalog.saes().map(\.name) == ["safe-sail-8", SampleCatalog.sae, "safe-sail-17"])
        let path = place.folder.path("out.json")
        _ = try place.catalog.export(
            .safeSAIL,
            .neurons([.layered(layer: 17, index: 2), .layered(layer: 17, index: 1), .layered(layer: 8, index: 3)]),
            to: path)
        #expect(
            try String(contentsOfFile: path, encoding: .utf8)
                == #"{"8_3": {"explanation": "***", "correlation_score": 0.3, "tag_list": []}, "#
                + #""17_1": {"explanation": null, "correlation_score": 0.25, "tag_list": ["violence"]}, "#
                + #""17_2": {"explanation": "", "correlation_score": 0.5, "tag_list": []}}"# + "\n")
        #expect(throws: InterchangeError.self) {
            try place.catalog.export(.safeSAIL, .matching(NeuronFilter()), to: path)
        }
    }
}

import Testing
import TopsailCatalog
import TopsailCore

@Suite("Importing tables and lines") struct TableImportTests {
    @Test("a table finds neurons of the default set by layer; quotes hold commas, quotes and line breaks")
    func table() throws {
        let place = try InterchangeFolder()
        let report = try place.bring(
            .csv,
            "layer,index,explanation,score,tags\r\n14,3,\"a, \"\"b\"\"\r\nc\",0.5,violence.threat privacy\r\n\r\n14,4,plain,,unheard\r\n"
        )
        #expect(report.neurons == 2)
        #expect(report.explanations == 2)
        #expect(report.tags == 2)
        #expect(
            report.skipped.map { "\($0.place): \($0.why)" } == ["line 5: the taxonomy has no category “unheard”"])
        let row = try place.catalog.neuron(.sample(3)).row
        #expect(row.explanation == "a, \"b\"\r\nc")
        #expect(row.correlationScore == 0.5)
        #expect(row.tags == ["violence.threat", "privacy"])
        #expect(row.explanationSource == "import")
        #expect(try place.catalog.check().isEmpty)
    }

    @Test("importing twice changes nothing")
    func twice() throws {
        let place = try InterchangeFolder()
        let text = "sae\tindex\texplanation\tscore\ttags\nnew\t7\tone\t0.25\tviolence\nnew\t7\ttwo\t0.5\tviolence\n"
        let first = try place.bring(.csv, text, name: "a.tsv")
        let rows = try place.rows()
        let export = try place.export(.jsonl)
        #expect(try place.bring(.csv, text, name: "a.tsv") == first)
        #expect(try place.rows() == rows)
        #expect(try place.export(.jsonl) == export)
        let detail = try place.catalog.neuron(.named(sae: "new", index: 7))
        #expect(Set(detail.explanations.map(\.source)) == ["import", "import#2"])
        #expect(Set(detail.explanations.compactMap(\.text)) == ["one", "two"])
    }

    @Test("a changed file leaves no explanation behind that only its earlier state had")
    func changedFile() throws {
        let place = try InterchangeFolder()
        func lines(_ texts: [String]) -> String {
            texts.map { #"{"sae":"new","index":7,"explanation":"\#($0)","score":0.5}"# }.joined(separator: "\n")
        }
        func stored() throws -> [String: String?] {
            let explanations = try place.catalog.neuron(.named(sae: "new", index: 7)).explanations
            return Dictionary(uniqueKeysWithValues: explanations.map { ($0.source, $0.text) })
        }
        try place.bring(.jsonl, lines(["one", "two"]))
        #expect(try stored() == ["import": "one", "import#2": "two"])
        try place.bring(.jsonl, lines(["one", "three"]))
        #expect(try stored() == ["import": "one", "import#2": "three"])
        // The neuron is there before its words are.
        try place.bring(.jsonl, #"{"sae":"new","index":7,"density":0.5}"# + "\n" + lines(["four"]))
        #expect(try stored() == ["import": "four"])
        // Sources that a file names itself stay, in whatever order.
        let named =
            #"{"sae":"new","index":8,"explanations":[{"source":"import#2","text":"b"},{"source":"import","text":"a"}]}"#
        for _ in 0..<2 {
            try place.bring(.jsonl, named)
            let explanations = try place.catalog.neuron(.named(sae: "new", index: 8)).explanations
            #expect(Set(explanations.map(\.source)) == ["import", "import#2"])
        }
        #expect(try place.catalog.check().isEmpty)
    }

    @Test("a person's words stay, whatever is imported")
    func people() throws {
        let place = try InterchangeFolder()
        try place.catalog.setExplanation("mine", of: .sample(3))
        try place.catalog.removeTag("violence", from: .sample(3))
        let line =
            #"{"neuron":"14_3","explanation":"theirs","human":{"explanation":"someone's","note":"n","rating":4,"lists":["l"]}}"#
        let report = try place.bring(.jsonl, line)
        #expect(report.skipped.map(\.why) == ["the catalog has another explanation by a person, which stays"])
        let detail = try place.catalog.neuron(.sample(3))
        #expect(detail.row.explanation == "mine")
        #expect(detail.explanations.map(\.text) == ["mine", "theirs"])
        #expect(detail.note == "n")
        #expect(detail.lists == ["l"])
        // What came of a person's is one step.
        #expect(try place.catalog.undo()?.changes.count == 4)
        #expect(try place.catalog.neuron(.sample(3)).note == nil)
    }

    @Test("a name that the file leaves open comes from --as; an SAE that nobody described grows")
    func names() throws {
        let place = try InterchangeFolder()
        try place.bring(.csv, "layer,index\n9,100000\n2,5\n", options: named("other"))
        let saes = try place.catalog.saes()
        #expect(saes.map(\.name) == ["other-2", "other-9", SampleCatalog.sae])
        #expect(saes[1].dSAE == 100_001)
        #expect(saes[1].neuronCount == 1)
        #expect(try place.catalog.neuron(.layered(layer: 9, index: 100_000)).row.sae == "other-9")
    }

    @Test("what makes no neuron is told once for each reason")
    func skipping() throws {
        let place = try InterchangeFolder()
        let report = try place.bring(.csv, "neuron,explanation\n14_99,a\nx,b\n14_98,c\n14_2\n14_5,d\n")
        #expect(report.neurons == 1)
        #expect(
            report.skipped.map { "\($0.places): \($0.why)" } == [
                "line 2 and 1 more: tiny-14 has the neurons 0 … 31 only", "line 3: “x” is not the name of a neuron",
                "line 5: a row has 1 fields where the header has 2",
            ])
    }
}

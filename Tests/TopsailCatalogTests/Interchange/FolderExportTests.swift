import Foundation
import Testing
import TopsailCatalog
import TopsailCore
import TopsailTestSupport

@Suite("Folders for other programs") struct FolderExportTests {
    private static let neuron =
        #"{"sae":"tiny-14","index":3,"density":0.5,"max":4,"histogram":{"lowest":0.5,"ratio":2,"counts":[3,1]},"#
        + #""explanations":[{"source":"import:mm/mo","text":"ships","scores":[{"scorer":"simulation","value":0.25}]}],"#
        + #""top_logits":[{"token":" a","value":1.5}],"bottom_logits":[{"token":"b","value":-2}],"contexts":["#
        + #"{"tokens":["a","b"],"activations":[0,4]},{"tokens":["c"],"activations":[2],"band":1},{"tokens":["d"],"activations":[1],"band":2}]}"#

    /// A catalog with one neuron, and what another one holds after the neuron went through a format.
    private func passed(through format: ExportFormat, as read: ImportFormat, sae: String) throws -> NeuronDetail {
        let place = try InterchangeFolder()
        try place.bring(.jsonl, Self.neuron)
        let path = place.folder.path("out")
        #expect(try place.catalog.export(format, .matching(NeuronFilter()), to: path) == 1)
        let other = try Catalog(path: place.folder.path("other.sqlite"))
        let report = try other.importFile(read, at: path)
        #expect(report.neurons == 1 && report.skipped.isEmpty)
        return try other.neuron(.named(sae: sae, index: 3))
    }

    private func expectContexts(_ detail: NeuronDetail) {
        #expect(detail.contexts.map(\.texts) == [["a", "b"], ["c"], ["d"]])
        #expect(detail.contexts.map(\.band) == [0, 1, 2])
        #expect(detail.contexts.map { $0.max.rounded() } == [4, 2, 1])
        #expect(detail.logitEffects.top == [TokenEffect(text: " a", value: 1.5)])
        #expect(detail.logitEffects.bottom == [TokenEffect(text: "b", value: -2)])
        #expect(detail.row.density == 0.5)
    }

    @Test("Neuronpedia's export keeps the bands of contexts")
    func neuronpedia() throws {
        let detail = try passed(through: .neuronpedia, as: .neuronpedia, sae: "tiny/14-tiny-14")
        expectContexts(detail)
        #expect(detail.explanations.map(\.source) == ["import:mm/mo"])
    }

    @Test("an upload reads back with its explanations and contexts")
    func upload() throws {
        let detail = try passed(through: .neuronpediaUpload, as: .neuronpedia, sae: "tiny/14-tiny-14")
        expectContexts(detail)
        #expect(detail.explanations.map(\.source) == ["import:mm/mo"] && detail.row.explanation == "ships")
    }

    @Test("batches of SAEDashboard read back with their contexts and histogram")
    func dashboard() throws {
        let detail = try passed(through: .saeDashboard, as: .saeDashboard, sae: "tiny/14-tiny-14")
        expectContexts(detail)
        #expect(detail.histogram?.counts.reduce(0, +) == 4 && detail.row.max == 4)
    }

    @Test("delphi's files read back with the explanation and its score")
    func delphi() throws {
        let detail = try passed(through: .delphi, as: .delphi, sae: "tiny-14")
        #expect(detail.row.explanation == "ships" && detail.row.correlationScore == 0.25)
    }

    @Test("uploads keep the limits of the interface: 128 features a file, 512 characters, 20 logits, no empty token")
    func limits() throws {
        let place = try InterchangeFolder(width: 300)
        let long = String(repeating: "é", count: 600)
        let logits = (0..<25).map { #"{"token":"t\#($0)","value":\#($0)}"# }.joined(separator: ",")
        let lines = (0..<200).map { index in
            #"{"sae":"tiny-14","index":\#(index),"explanation":"\#(long)","top_logits":[\#(logits)],"contexts":["#
                + #"{"tokens":["a","\#(index == 7 ? "" : "b")"],"activations":[0,4]}]}"#
        }
        try place.bring(
            .jsonl, (lines + [#"{"sae":"tiny-14","index":250,"explanation":"no context"}"#]).joined(separator: "\n"))
        let path = place.folder.path("out")
        #expect(try place.catalog.export(.neuronpediaUpload, .matching(NeuronFilter()), to: path) == 199)
        let folder = path + "/tiny/14-tiny-14"
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["upload-0.json", "upload-1.json"])
        let features = try ["upload-0.json", "upload-1.json"].map { name in
            let body =
                try JSONSerialization.jsonObject(
                    with: Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))) as? [String: Any]
            #expect(body?["modelId"] as? String == "tiny" && body?["source"] as? String == "14-tiny-14")
            return try #require(body?["features"] as? [[String: Any]])
        }
        #expect(features.map(\.count) == [128, 71])
        let first = features[0][0]
        #expect((first["topLogits"] as? [Any])?.count == 20)
        let text = (first["explanations"] as? [[String: Any]])?.first?["text"] as? String
        #expect(text == String(long.prefix(511)) + "…")
        #expect(!features.joined().contains { $0["index"] as? Int == 7 })
    }

    @Test("a folder that nothing can be written to is not left behind")
    func nothing() throws {
        let place = try InterchangeFolder()
        try place.bring(.jsonl, #"{"sae":"tiny-14","index":3,"density":0.5}"#)
        for format in [ExportFormat.neuronpediaUpload, .delphi] {
            let error = #expect(throws: InterchangeError.self) {
                try place.catalog.export(format, .matching(NeuronFilter()), to: place.folder.path("out"))
            }
            #expect(error?.problem.hasPrefix("none of the 1 neurons") == true)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: place.folder.url.path).filter {
                    $0.hasPrefix("out")
                } == [])
        }
    }
}

import Foundation
import Testing
import TopsailCatalog
import TopsailCore
import TopsailFiles

@Suite("Formats of other programs") struct ForeignFormatTests {
    /// Writes a file into folders that are made for it.
    private func write(_ data: Data, _ path: String, in place: InterchangeFolder) throws {
        let url = place.folder.url.appendingPathComponent(path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }

    @Test("Neuronpedia's folder: rows of both writers, joined by layer and index, strongest contexts kept")
    func neuronpedia() throws {
        let place = try InterchangeFolder()
        let feature =
            #"{"modelId":"gpt2","layer":"6-res-jb","index":"77","hookName":"blocks.6.hook_resid_pre","maxActApprox":4.5,"frac_nonzero":0.003,"#
            + #""freq_hist_data_bar_values":[0.5,1.5],"freq_hist_data_bar_heights":[10,2],"#
            + #""pos_str":[" a"," b"],"pos_values":[1.5,-10000],"neg_str":["c"],"neg_values":[-2]}"# + "\n\n"
        try write(place.gzip(feature), "np/features/batch-0.jsonl.gz", in: place)
        let activations =
            (0..<14).map { number in
                #"{"modelId":"gpt2","layer":"6-res-jb","index":77,"tokens":["t","\#(number)"],"values":[0,\#(number)],"binMin":-1,"binContains":-1}"#
            } + [
                #"{"modelId":"gpt2","layer":"6-res-jb","index":77,"tokens":["t","13"],"values":[0,13],"binMin":-1}"#,
                #"{"modelId":"gpt2","layer":"6-res-jb","index":77,"tokens":["low"],"values":[1.25],"binMin":1}"#,
                #"{"modelId":"gpt2","layer":"6-res-jb","index":77,"tokens":["mid"],"values":[2.25],"binMin":2}"#,
                #"{"modelId":"gpt2","layer":"6-res-jb","index":77,"tokens":["bad"],"values":[]}"#,
            ]
        try write(place.gzip(activations.joined(separator: "\n")), "np/activations/batch-3.jsonl.gz", in: place)
        let explanations = ["first", "second"].map {
            #"{"modelId":"gpt2","layer":"6-res-jb","index":"77","description":"\#($0)","typeName":"np","explanationModelName":"m"}"#
        }
        try write(Data(explanations.joined(separator: "\n").utf8), "np/explanations/batch-0.jsonl", in: place)
        try write(Data("{}".utf8), "np/source.jsonl", in: place)
        let report = try place.bring(.neuronpedia, at: place.folder.path("np"))
        #expect(report.neurons == 1)
        #expect(report.explanations == 2)
        #expect(report.contexts == 12)
        #expect(report.skipped.map(\.why) == ["a context has not as many activations as tokens"])
        let detail = try place.catalog.neuron(.named(sae: "gpt2/6-res-jb", index: 77))
        #expect(detail.sae.hook == HookPoint(.residPre, layer: 6))
        #expect(detail.statistics == NeuronStatistics(density: 0.003, maxActivation: 4.5))
        #expect(detail.histogram?.counts.reduce(0, +) == 12)
        #expect(
            detail.logitEffects
                == LogitEffects(top: [TokenEffect(text: " a", value: 1.5)], bottom: [TokenEffect(text: "c", value: -2)])
        )
        #expect(Set(detail.explanations.map(\.source)) == ["import:np/m", "import:np/m#2"])
        #expect(
            detail.contexts.filter { $0.band == 0 }.map(\.max).map { $0.rounded() } == [
                13, 12, 11, 10, 9, 8, 7, 6, 5, 4,
            ])
        #expect(detail.contexts.filter { $0.band > 0 }.map(\.texts) == [["mid"], ["low"]])
        let rows = try place.rows()
        #expect(try place.bring(.neuronpedia, at: place.folder.path("np")) == report)
        #expect(try place.rows() == rows)
    }

    @Test("what is written for Neuronpedia reads back")
    func neuronpediaExport() throws {
        let place = try InterchangeFolder()
        try place.bring(
            .jsonl,
            #"{"sae":"tiny-14","index":3,"explanation":"x","density":0.5,"max":2,"contexts":[{"tokens":["a","b"],"activations":[0,2]}]}"#
        )
        _ = try place.catalog.export(.neuronpedia, .matching(NeuronFilter()), to: place.folder.path("out"))
        let other = try Catalog(path: place.folder.path("other.sqlite"))
        // Again, in the place of the first.
        _ = try place.folder.file("out/old", Data())
        _ = try place.catalog.export(.neuronpedia, .matching(NeuronFilter()), to: place.folder.path("out"), force: true)
        #expect(!FileManager.default.fileExists(atPath: place.folder.path("out/old")))
        let beside = try FileManager.default.contentsOfDirectory(atPath: place.folder.url.path)
        #expect(beside.filter { $0.hasPrefix("out") } == ["out"])
        let report = try other.importFile(.neuronpedia, at: place.folder.path("out"))
        #expect(report.skipped.isEmpty)
        let detail = try other.neuron(.named(sae: "tiny/14-tiny-14", index: 3))
        #expect(detail.row.explanation == "x")
        #expect(detail.row.density == 0.5)
        #expect(detail.contexts.map(\.texts) == [["a", "b"]])
        #expect(detail.contexts.map(\.activations) == [[0, 2]])
        #expect(detail.sae.hook == HookPoint(.mlpOut, layer: 14))
    }

    @Test("upload bodies and saved replies of Neuronpedia's")
    func neuronpediaBodies() throws {
        let place = try InterchangeFolder()
        let upload =
            #"{"modelId":"m","source":"12-mine","features":[{"index":7,"density":0.25,"topLogits":[{"token":" h","value":1.5}],"#
            + #""explanations":[{"text":"ships","methodName":"mm","modelName":"mo"}],"activations":[{"tokens":["q"],"values":[4]}]}]}"#
        try place.bring(.neuronpedia, upload, name: "upload.json")
        let detail = try place.catalog.neuron(.named(sae: "m/12-mine", index: 7))
        #expect(detail.explanations.map(\.source) == ["import:mm/mo"])
        #expect(detail.row.density == 0.25)
        #expect(detail.contexts.count == 1)
        #expect(detail.logitEffects.top == [TokenEffect(text: " h", value: 1.5)])
        let reply =
            #"{"modelId":"m","layer":"12-mine","index":"8","source":{"id":"12-mine"},"explanations":[{"description":"d","typeName":"t","#
            + #""explanationModelName":null,"scores":[{"value":0.5,"explanationScoreTypeName":"eleuther_fuzz"}]}],"activations":null}"#
        try place.bring(.neuronpedia, reply, name: "reply.json")
        let other = try place.catalog.neuron(.named(sae: "m/12-mine", index: 8)).explanations
        #expect(other.map(\.text) == ["d"])
        #expect(other[0].scores == [ExplanationScore(scorer: "eleuther_fuzz", value: 0.5)])
    }

    @Test("a batch of SAEDashboard")
    func dashboard() throws {
        let place = try InterchangeFolder()
        let batch =
            #"{"features":[{"feature_index":5,"frac_nonzero":0.00012,"pos_str":["x"],"pos_values":[0.5],"activations":["#
            + #"{"bin_min":-1,"bin_contains":-1,"tokens":["<bos>","b"],"values":[9,3]},{"bin_min":1.5,"tokens":["c"],"values":[2]}]}],"#
            + #""model_id":"gpt2","layer":4,"sae_set":"res","sae_id_suffix":null}"#
        let report = try place.bring(.saeDashboard, batch, name: "batch-0.json")
        #expect(report.notes == ["1 contexts have their largest activation on a token that begins a text"])
        let detail = try place.catalog.neuron(.named(sae: "gpt2/4-res", index: 5))
        #expect(detail.row.max == 9)
        #expect(detail.contexts.map(\.band) == [0, 1])
        var options = ImportOptions()
        options.ignoresStartTokens = true
        try place.bring(.saeDashboard, batch, name: "batch-0.json", options: options)
        #expect(try place.catalog.neuron(.named(sae: "gpt2/4-res", index: 5)).contexts[0].activations[0] == 0)
    }

    @Test("delphi's explanations and scores")
    func delphi() throws {
        let place = try InterchangeFolder()
        try write(Data(#""says so""#.utf8), "run/explanations/layers.6.mlp_latent12.txt", in: place)
        let items =
            #"[{"distance":1,"activating":true,"prediction":true},{"distance":1,"activating":true,"prediction":null},"#
            + #"{"distance":-1,"activating":false,"prediction":false},{"distance":-1,"activating":false,"prediction":true}]"#
        try write(Data(items.utf8), "run/scores/fuzz/layers.6.mlp_latent12.txt", in: place)
        let simulation =
            #"[{"distance":1,"ev_correlation_score":0.1},{"distance":0,"ev_correlation_score":0.5},{"ev_correlation_score":"nan","distance":2}]"#
        try write(Data(simulation.utf8), "run/scores/simulation/layers.6.mlp_latent12.txt", in: place)
        try write(Data(), "run/latents/layers.6.mlp/none.safetensors", in: place)
        let report = try place.bring(.delphi, at: place.folder.path("run"))
        #expect(report.neurons == 1)
        #expect(report.skipped.map(\.why) == ["a file's name is not <first latent>_<last latent>.safetensors"])
        let detail = try place.catalog.neuron(.named(sae: "layers.6.mlp", index: 12))
        #expect(detail.row.explanation == "says so")
        #expect(detail.row.correlationScore == 0.5)
        #expect(detail.explanations[0].scores.first { $0.scorer == "fuzzing" }?.value == 0.75)
        #expect(detail.sae.hook == HookPoint(.mlpOut, layer: 6))
    }

    @Test("records of the neuron explainer, with words that are no JSON")
    func explainer() throws {
        let place = try InterchangeFolder()
        let record =
            #"{"dataclass_name":"NeuronRecord","neuron_id":{"layer_index":3,"neuron_index":9},"mean":NaN,"#
            + #""most_positive_activation_records":[{"tokens":["a","b"],"activations":[0,2]}]}"#
        try place.bring(.neuronExplainer, record, name: "9.json")
        let results =
            #"{"neuron_id":{"layer_index":3,"neuron_index":9},"scored_explanations":[{"explanation":"why","#
            + #""scored_simulation":{"ev_correlation_score":0.25,"rsquared_score":NaN}}]}"#
        try place.bring(.neuronExplainer, results, name: "r.jsonl")
        let detail = try place.catalog.neuron(.named(sae: "neuron-explainer-3", index: 9))
        #expect(detail.row.explanation == "why")
        #expect(detail.row.correlationScore == 0.25)
        #expect(detail.contexts.map(\.max) == [2])
        #expect(detail.sae.hook == HookPoint(.mlpAct, layer: 3))
    }
}

import Foundation
import TopsailCore
import TopsailFiles

/// Neuronpedia's export: rows of features, activations and explanations of up to 1,024 neurons, in gzip batches.
struct NeuronpediaBatch: NeuronBatch {
    static let capacity = 1024
    static let demand = "can be written"

    let source: NeuronpediaSource
    private let number: Int
    private(set) var neurons = 0
    private var features = JSONOutput()
    private var activations = JSONOutput()
    private var explanations = JSONOutput()

    init(source: NeuronpediaSource, number: Int) {
        self.source = source
        self.number = number
    }

    mutating func add(_ neuron: ExportedNeuron, _ texts: ExportTexts) -> Bool {
        neurons += 1
        addFeature(neuron.detail, texts)
        for (position, context) in neuron.detail.contexts.enumerated() {
            addActivation(context, position, neuron.detail, texts)
        }
        for (position, explanation) in neuron.detail.explanations.enumerated() where explanation.text != nil {
            addExplanation(explanation, position, neuron.detail)
        }
        return true
    }

    private mutating func addFeature(_ detail: NeuronDetail, _ texts: ExportTexts) {
        features.object { [source] output in
            Self.identity(detail.row.index, source, to: &output)
            output.member("sourceSetName", source.set)
            output.member("hookName", source.hook?.transformerLensName)
            output.member("maxActApprox", detail.statistics.maxActivation)
            output.member("frac_nonzero", detail.statistics.density)
            output.histogram(of: detail)
            output.logitEffects(of: detail, texts)
            output.array("topkCosSimIndices", detail.similar) { $0.value($1.index) }
            output.array("topkCosSimValues", detail.similar) { $0.value($1.value) }
        }
        features.newline()
    }

    private mutating func addActivation(
        _ context: ActivatingContext, _ position: Int, _ detail: NeuronDetail, _ texts: ExportTexts
    ) {
        activations.object { [source] output in
            output.member("id", "\(source.folder)/\(detail.row.index)/\(position)")
            Self.identity(detail.row.index, source, to: &output)
            output.array("tokens", texts.texts(of: context, detail.sae)) { $0.value($1) }
            output.array("values", context.activations) { $0.value($1) }
            output.member("maxValue", context.activations.max())
            output.member("minValue", context.activations.min())
            output.member("maxValueTokenIndex", context.maxPosition)
            let interval = NeuronpediaInterval(band: context.band, of: detail.contexts)
            output.member("binMin", interval.lowest)
            output.member("binMax", interval.highest)
            output.member("binContains", interval.share)
            output.member("dataSource", context.corpus)
        }
        activations.newline()
    }

    private mutating func addExplanation(_ explanation: NeuronExplanation, _ position: Int, _ detail: NeuronDetail) {
        explanations.object { [source] output in
            output.member("id", "\(source.folder)/\(detail.row.index)/\(position)")
            Self.identity(detail.row.index, source, to: &output)
            output.member("description", explanation.text)
            let method = NeuronpediaMethod(explanation.source)
            output.member("typeName", method.type)
            output.member("explanationModelName", method.model)
        }
        explanations.newline()
    }

    private static func identity(_ index: Int, _ source: NeuronpediaSource, to output: inout JSONOutput) {
        output.member("modelId", source.model)
        output.member("layer", source.source)
        output.member("index", String(index))
    }

    func write(to folder: String) throws {
        for (name, rows) in [("features", features), ("activations", activations), ("explanations", explanations)] {
            let place = "\(folder)/\(source.folder)/\(name)"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            try AtomicFile.write(Gzip.compress(Data(rows.bytes)), to: "\(place)/batch-\(number).jsonl.gz")
        }
    }
}

extension JSONOutput {
    /// Bins of a histogram, by their middles.
    mutating func histogram(of detail: NeuronDetail) {
        let edges = detail.histogram?.edges ?? []
        array("freq_hist_data_bar_values", zip(edges, edges.dropFirst())) { $0.value(($1.0 + $1.1) / 2) }
        array("freq_hist_data_bar_heights", detail.histogram?.counts ?? []) { $0.value(Int(clamping: $1)) }
    }

    /// Tokens with the highest and the lowest effect, and their effects.
    mutating func logitEffects(of detail: NeuronDetail, _ texts: ExportTexts) {
        for (name, effects) in [("pos", detail.logitEffects.top), ("neg", detail.logitEffects.bottom)] {
            array(name + "_str", effects) { $0.value(texts.text(of: $1, detail.sae)) }
            array(name + "_values", effects) { $0.value($1.value) }
        }
    }
}

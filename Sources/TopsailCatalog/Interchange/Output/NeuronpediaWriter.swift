import Foundation
import TopsailCore
import TopsailFiles

/// Neuronpedia's export: a folder for each SAE with rows of features, activations and explanations in gzip batches.
struct NeuronpediaWriter {
    private let neurons: SelectedNeurons
    private let texts: ExportTexts

    /// Neurons a batch.
    private static let batch = 1024

    init(_ neurons: SelectedNeurons, _ texts: ExportTexts) {
        self.neurons = neurons
        self.texts = texts
    }

    /// Writes a folder beside and renames it. What was there is set aside until the new one has its name.
    func write(to path: String, _ count: () throws -> Void) throws {
        let partial = path + ".partial-\(UUID().uuidString)"
        let manager = FileManager.default
        do {
            try manager.createDirectory(atPath: partial, withIntermediateDirectories: true)
            try writeBatches(to: partial, count)
            try Self.put(partial, at: path)
        } catch {
            try? manager.removeItem(atPath: partial)
            throw error is any UserFacingError || error is CancellationError
                ? error : InterchangeError(path: path, problem: "the folder cannot be written")
        }
    }

    private static func put(_ new: String, at path: String) throws {
        let manager = FileManager.default
        guard manager.fileExists(atPath: path) else { return try manager.moveItem(atPath: new, toPath: path) }
        let old = path + ".replaced-\(UUID().uuidString)"
        try manager.moveItem(atPath: path, toPath: old)
        do {
            try manager.moveItem(atPath: new, toPath: path)
        } catch {
            try? manager.moveItem(atPath: old, toPath: path)
            throw error
        }
        try? manager.removeItem(atPath: old)
    }

    private func writeBatches(to folder: String, _ count: () throws -> Void) throws {
        var batch: NeuronpediaBatch?
        var numbers: [String: Int] = [:]
        func flush() throws {
            guard let full = batch else { return }
            try full.write(to: folder)
            batch = nil
        }
        try neurons.forEachDetail { neuron in
            let source = NeuronpediaSource(neuron.detail.sae)
            if batch.map({ $0.source.sae != source.sae || $0.neurons >= Self.batch }) ?? false { try flush() }
            if batch == nil {
                let number = numbers[source.folder, default: 0]
                numbers[source.folder] = number + 1
                batch = NeuronpediaBatch(source: source, number: number)
            }
            batch?.add(neuron, texts)
            try count()
        }
        try flush()
    }
}

/// What Neuronpedia calls an SAE: a model's name and `layer-set`.
struct NeuronpediaSource {
    let sae: String
    let model: String
    let source: String
    let set: String
    let hook: HookPoint?

    init(_ record: SAERecord) {
        sae = record.name
        model = Self.name(record.model ?? "")
        hook = record.hook
        // A name that came from there keeps its form.
        let last = record.name.split(separator: "/").last.map(String.init) ?? record.name
        if let layer = record.layer, last.hasPrefix("\(layer)-") {
            source = Self.name(last)
        } else {
            source = [record.layer.map(String.init), Self.name(last)].compactMap { $0 }.joined(separator: "-")
        }
        set = record.layer == nil ? source : source.split(separator: "-").dropFirst().joined(separator: "-")
    }

    var folder: String { "\(model)/\(source)" }

    /// Lower case, and nothing that a path could stumble over.
    private static func name(_ text: String) -> String {
        let kept = text.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-" }
        let name = String(kept)
        return name.isEmpty || name.allSatisfy({ $0 == "." }) ? "unnamed" : name
    }
}

/// The rows of up to 1,024 neurons.
private struct NeuronpediaBatch {
    let source: NeuronpediaSource
    let number: Int
    private(set) var neurons = 0
    private var features = JSONOutput()
    private var activations = JSONOutput()
    private var explanations = JSONOutput()

    init(source: NeuronpediaSource, number: Int) {
        self.source = source
        self.number = number
    }

    mutating func add(_ neuron: ExportedNeuron, _ texts: ExportTexts) {
        neurons += 1
        addFeature(neuron.detail, texts)
        for (position, context) in neuron.detail.contexts.enumerated() {
            addActivation(context, position, neuron.detail, texts)
        }
        for (position, explanation) in neuron.detail.explanations.enumerated() where explanation.text != nil {
            addExplanation(explanation, position, neuron.detail)
        }
    }

    private mutating func addFeature(_ detail: NeuronDetail, _ texts: ExportTexts) {
        features.object { [source] output in
            Self.identity(detail.row.index, source, to: &output)
            output.member("sourceSetName", source.set)
            output.member("hookName", source.hook?.transformerLensName)
            output.member("maxActApprox", detail.statistics.maxActivation)
            output.member("frac_nonzero", detail.statistics.density)
            let edges = detail.histogram?.edges ?? []
            output.array("freq_hist_data_bar_values", zip(edges, edges.dropFirst())) { $0.value(($1.0 + $1.1) / 2) }
            output.array("freq_hist_data_bar_heights", detail.histogram?.counts ?? []) { $0.value(Int(clamping: $1)) }
            for (name, effects) in [("pos", detail.logitEffects.top), ("neg", detail.logitEffects.bottom)] {
                output.array(name + "_str", effects) { $0.value(texts.text(of: $1, detail.sae)) }
                output.array(name + "_values", effects) { $0.value($1.value) }
            }
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
            if context.band == 0 {
                output.member("binMin", -1)
                output.member("binMax", -1)
                output.member("binContains", -1)
            }
            output.member("dataSource", context.corpus)
        }
        activations.newline()
    }

    private mutating func addExplanation(_ explanation: NeuronExplanation, _ position: Int, _ detail: NeuronDetail) {
        explanations.object { [source] output in
            output.member("id", "\(source.folder)/\(detail.row.index)/\(position)")
            Self.identity(detail.row.index, source, to: &output)
            output.member("description", explanation.text)
            // `import:method/model` says what Neuronpedia has two columns for.
            let parts =
                explanation.source.hasPrefix("import:")
                ? explanation.source.dropFirst(7).split(separator: "/", maxSplits: 1).map(String.init) : []
            output.member("typeName", parts.first ?? explanation.source)
            output.member("explanationModelName", parts.count > 1 ? parts[1] : nil)
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

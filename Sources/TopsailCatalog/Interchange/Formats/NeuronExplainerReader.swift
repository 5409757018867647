import TopsailCore

/// Records of OpenAI's neuron-explainer: neurons with examples, and simulation results with explanations, as JSON or JSON
/// Lines, or a folder of such files. `NaN` as a bare word is read as “not known”.
struct NeuronExplainerReader {
    let path: String
    let sink: CatalogImport

    func read() throws {
        sink.layers = {
            var layers = LayerDefaults()
            layers.prefix = "neuron-explainer"
            layers.site = .mlpAct
            return layers
        }()
        guard InputFolder.isThere(path) else { return try read(file: path, place: "") }
        let folder = InputFolder(path)
        let files = folder.everything().filter { name in
            [".json", ".jsonl", ".json.gz", ".jsonl.gz"].contains { name.hasSuffix($0) }
        }
        guard !files.isEmpty else {
            throw InterchangeError(path: path, problem: "there are no .json or .jsonl files in it")
        }
        for file in files { try read(file: folder.path + "/" + file, place: file + ", ") }
    }

    private func read(file: String, place: String) throws {
        try InputJSON.records(file, as: "the record") { json, record in
            try self.record(&json, at: place + record)
        }
    }

    private func record(_ json: inout JSONPull, at place: String) throws {
        guard try json.beginObject() else { return }
        var neuron = ImportedNeuron(sae: ImportedSAE(), index: -1)
        var best = BestContexts(sink.options)
        while let name = try json.nextName() {
            switch name {
            case "neuron_id", "node_id":
                guard try json.beginMembers() else { continue }
                while let part = try json.nextName() {
                    switch part {
                    case "layer_index": neuron.sae.layer = try json.integer()
                    case "neuron_index", "tensor_index", "latent_index": neuron.index = try json.integer() ?? -1
                    default: try json.skip()
                    }
                }
            case "most_positive_activation_records": try contexts(&json, band: 0, into: &best, place)
            case "random_sample_by_quantile":
                guard try json.beginList() else { continue }
                var band = 1
                while try json.nextElement() {
                    try contexts(&json, band: band, into: &best, place)
                    band += 1
                }
            case "scored_explanations":
                neuron.explanations = try NeuronParts.list(&json, Self.explanation)
            default: try json.skip()
            }
        }
        guard neuron.index >= 0 else { return sink.skip(place, "a record names no neuron") }
        if !best.isEmpty {
            neuron.contexts = best.contexts
            neuron.statistics.maxActivation = best.contexts.map(\.strength).max()
        }
        sink.countStartPeaks(best.startPeaks)
        try sink.add(neuron, at: place)
    }

    private func contexts(
        _ json: inout JSONPull, band: Int, into best: inout BestContexts, _ place: String
    ) throws {
        for var context in try NeuronParts.list(&json, NeuronParts.context) {
            context.band = band
            guard context.tokens.count == context.activations.count else {
                sink.skip(place, "a context has not as many activations as tokens")
                continue
            }
            best.add(context)
        }
    }

    private static func explanation(_ json: inout JSONPull) throws -> NeuronExplanation? {
        guard try json.beginMembers() else { return nil }
        var explanation = NeuronExplanation(source: ImportedSource.make("neuron-explainer"), text: nil)
        while let name = try json.nextName() {
            switch name {
            case "explanation": explanation.text = try json.text()
            case "scored_simulation":
                guard try json.beginMembers() else { continue }
                while let part = try json.nextName() {
                    guard case "ev_correlation_score" = part else {
                        try json.skip()
                        continue
                    }
                    if let value = try json.finite() {
                        explanation.scores = [ExplanationScore(scorer: "simulation", value: value)]
                    }
                }
            default: try json.skip()
            }
        }
        return explanation
    }
}

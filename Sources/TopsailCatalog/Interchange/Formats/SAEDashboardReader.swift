import Foundation
import TopsailCore

/// Batches of SAEDashboard: one file, or a folder with `batch-….json` in it or below.
struct SAEDashboardReader {
    let path: String
    let sink: CatalogImport

    func read() throws {
        guard InputFolder.isThere(path) else { return try read(file: path) }
        let folder = InputFolder(path)
        let files = folder.everything().filter { file in
            (file as NSString).lastPathComponent.hasPrefix("batch-")
                && [".json", ".json.gz"].contains(where: file.hasSuffix)
        }
        guard !files.isEmpty else { throw InterchangeError(path: path, problem: "there is no batch-….json in it") }
        for file in files { try read(file: folder.path + "/" + file) }
    }

    private func read(file: String) throws {
        var place = ""
        try InputJSON.document(file, place: { place }) { json in
            var head = json
            let sae = try self.sae(&head)
            guard try json.beginObject() else { return }
            while let name = try json.nextName() {
                guard case "features" = name else {
                    try json.skip()
                    continue
                }
                guard try json.beginList() else { continue }
                var number = 0
                while try json.nextElement() {
                    place = "feature \(number) of the list"
                    number += 1
                    try readFeature(&json, sae, place)
                }
            }
        }
    }

    /// What the batch says about the SAE; that may stand after the features.
    private func sae(_ json: inout JSONPull) throws -> ImportedSAE {
        var sae = ImportedSAE()
        var set: String?
        var suffix: String?
        guard try json.beginObject() else { return sae }
        while let name = try json.nextName() {
            switch name {
            case "model_id": sae.model = try json.text()
            case "layer": sae.layer = try json.integer()
            case "sae_set": set = try json.text()
            case "sae_id_suffix": suffix = try json.text()
            default: try json.skip()
            }
        }
        let source = [sae.layer.map(String.init), set].compactMap { $0 }.joined(separator: "-")
        let name = [sae.model, source].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "/")
        sae.name = name.isEmpty ? "saedashboard" : name + (suffix.map { "__" + $0 } ?? "")
        return sae
    }

    private func readFeature(_ json: inout JSONPull, _ sae: ImportedSAE, _ place: String) throws {
        guard try json.beginMembers() else { return }
        var neuron = ImportedNeuron(sae: sae, index: -1)
        var histogram = LinearHistogram()
        var (top, bottom) = (NeuronpediaRow.TokenValues(), NeuronpediaRow.TokenValues())
        var best = BestContexts(sink.options)
        while let name = try json.nextName() {
            switch name {
            case "feature_index": neuron.index = try json.integer() ?? -1
            // Densities are multiples of 1e-5; below half of that they read as zero.
            case "frac_nonzero": neuron.statistics.density = try json.finite()
            case "freq_hist_data_bar_values": histogram.middles = try json.floats()
            case "freq_hist_data_bar_heights": histogram.heights = try json.floats()
            case "pos_str": top.texts = try json.texts()
            case "pos_values": top.values = try json.floats()
            case "neg_str": bottom.texts = try json.texts()
            case "neg_values": bottom.values = try json.floats()
            case "activations":
                guard try json.beginList() else { continue }
                while try json.nextElement() { try readContext(&json, into: &best, place) }
            default: try json.skip()
            }
        }
        guard neuron.index >= 0 else { return sink.skip(place, "there is no feature_index") }
        neuron.histogram = histogram.geometric
        neuron.logitEffects = LogitEffects(top: top.effects, bottom: bottom.effects)
        if !best.isEmpty { neuron.contexts = NeuronpediaBands.numbered(best.contexts) }
        neuron.statistics.maxActivation = neuron.contexts?.map(\.strength).max()
        sink.countStartPeaks(best.startPeaks)
        try sink.add(neuron, at: place)
    }

    private func readContext(_ json: inout JSONPull, into best: inout BestContexts, _ place: String) throws {
        guard try json.beginMembers() else { return }
        var example = NeuronpediaRow.Example()
        while let name = try json.nextName() {
            switch name {
            case "tokens": example.tokens = try json.texts()
            case "values": example.values = try json.floats()
            case "bin_min": example.binMin = try json.finiteFloat()
            default: try json.skip()
            }
        }
        guard example.tokens.count == example.values.count else {
            return sink.skip(place, "a context has not as many activations as tokens")
        }
        best.add(example.context)
    }
}

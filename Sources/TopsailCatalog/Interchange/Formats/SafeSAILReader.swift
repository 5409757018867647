import Foundation
import TopsailCore
import TopsailFiles

/// Safe-SAIL's neuron database: `en_db.json` or `cn_db.json`, or a folder with them, the lists of selected neurons and the
/// tails of their activations.
///
/// Its files name neither model nor SAE; those of the published ones are taken unless options say otherwise.
struct SafeSAILReader {
    let path: String
    let sink: CatalogImport

    /// Qwen2.5-3B-Instruct, SAEs on `mlp_out` with 10 × 2,048 latents of which 200 fire (arXiv 2509.18127).
    private static let model = "Qwen2.5-3B-Instruct"

    static let layers = {
        var layers = LayerDefaults()
        layers.prefix = "safe-sail"
        layers.site = .mlpOut
        layers.architecture = "topk"
        layers.dIn = 2048
        layers.dSAE = 20480
        layers.k = 200
        return layers
    }()

    func read() throws {
        sink.layers = Self.layers
        guard InputFolder.isThere(path) else { return _ = try readDatabase(path, scored: []) }
        let folder = InputFolder(path)
        let databases = ["neuron_db", ""].flatMap { folder.files(in: $0, endings: ["_db.json"]) }
        // English first: scores are the same in all of them and are kept once.
        var scored: Set<NeuronID> = []
        for database in databases.sorted(by: { Self.language($0) == nil && Self.language($1) != nil }) {
            scored.formUnion(try readDatabase(database, scored: scored))
        }
        let selections = folder.everything().filter { $0.hasSuffix(".pt") }
        let quantiles = selections.filter { $0.contains("quantile_layer") }
        let indices = selections.filter { $0.contains("indices_layer") }
        guard !databases.isEmpty || !indices.isEmpty else {
            throw InterchangeError(path: path, problem: "there is neither a …_db.json nor an indices_layer….pt in it")
        }
        for file in indices {
            guard let layer = Self.layer(of: file) else { continue }
            let tails = quantiles.first { Self.layer(of: $0) == layer }
            try SafeSAILSelection(path: folder.path, sink: sink, model: Self.model)
                .read(indices: file, tails: tails, layer: layer)
        }
    }

    // MARK: Databases

    /// - Returns: The neurons that got a score here.
    private func readDatabase(_ file: String, scored: Set<NeuronID>) throws -> Set<NeuronID> {
        let language = Self.language(file)
        let source = ImportedSource.make(language)
        var entry = ""
        var seen: Set<NeuronID> = []
        try InputJSON.document(file, place: { entry.isEmpty ? "" : "entry \(entry)" }) { json in
            guard try json.beginObject() else { return }
            while let name = try json.nextName() {
                entry = try json.decoded(name)
                let value = try Self.entry(&json)
                guard case .layered(let layer, let index)? = NeuronID(entry) else {
                    sink.skip("entry \(entry)", "a key is not layer_index")
                    continue
                }
                let id = NeuronID.layered(layer: layer, index: index)
                guard let value else {
                    sink.skip("entry \(entry)", "an entry is no object")
                    continue
                }
                if value.score != nil { seen.insert(id) }
                try sink.add(
                    value.neuron(layer, index, source, model: Self.model, isScored: !scored.contains(id)),
                    at: "entry \(entry)")
            }
            entry = ""
        }
        return seen
    }

    /// One value of the database.
    private struct Entry {
        var explanation: String?
        var score: Double?
        var tags: [String] = []

        func neuron(
            _ layer: Int, _ index: Int, _ source: String, model: String, isScored: Bool
        ) -> ImportedNeuron {
            var neuron = ImportedNeuron(sae: ImportedSAE(layer: layer, model: model), index: index)
            let scores = isScored ? score.map { [ExplanationScore(scorer: "segment", value: $0)] } ?? [] : []
            // Null, empty and masked stay apart: no words, empty words, and words that the authors withheld.
            neuron.explanations = [
                NeuronExplanation(
                    source: source, text: explanation, details: explanation == "***" ? "withheld by its authors" : nil,
                    scores: scores)
            ]
            neuron.tags = tags.map { ImportedTag($0) }
            return neuron
        }
    }

    private static func entry(_ json: inout JSONPull) throws -> Entry? {
        guard try json.beginMembers() else { return nil }
        var entry = Entry()
        while let name = try json.nextName() {
            switch name {
            case "explanation": entry.explanation = try json.text()
            case "correlation_score": entry.score = try json.finite()
            case "tag_list": entry.tags = try json.texts()
            default: try json.skip()
            }
        }
        return entry
    }

    // MARK: Names

    /// The language of a database by its name; `nil` for English.
    private static func language(_ file: String) -> String? {
        let name = file.split(separator: "/").last ?? ""
        return name.hasPrefix("cn") || name.hasPrefix("zh") ? "zh" : nil
    }

    /// The number at the end of `indices_layer17.pt`.
    private static func layer(of file: String) -> Int? {
        let name = file.split(separator: "/").last.map(String.init) ?? ""
        guard let mark = name.range(of: "layer", options: .backwards) else { return nil }
        return Int(name[mark.upperBound...].prefix { $0.isASCII && $0.isNumber })
    }
}

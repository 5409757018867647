import TopsailCore

/// What Neuronpedia calls an SAE: a model's name and `layer-set`.
struct NeuronpediaSource {
    let sae: String
    let model: String
    let source: String
    let set: String
    let hook: HookPoint?
    let layer: Int?

    init(_ record: SAERecord) {
        sae = record.name
        model = Self.name(record.model ?? "")
        hook = record.hook
        layer = record.layer
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

/// How an explanation was made, in Neuronpedia's two columns.
struct NeuronpediaMethod {
    let type: String
    let model: String?

    /// - Parameter source: As the catalog names it; of `import:method/model` the two parts.
    init(_ source: String) {
        let parts =
            source.hasPrefix("import:")
            ? source.dropFirst(7).split(separator: "/", maxSplits: 1).map(String.init) : []
        type = parts.first ?? source
        model = parts.count > 1 ? parts[1] : nil
    }
}

/// The interval of activations that an example stands for: −1 for the strongest; else what the examples of its band reach.
struct NeuronpediaInterval {
    let lowest: Float
    let highest: Float
    /// Share of all tokens in it; nobody counted that of others than the strongest.
    let share: Int?

    init(band: Int, of contexts: [ActivatingContext]) {
        let peaks = contexts.filter { $0.band == band && band > 0 }.map(\.max)
        lowest = peaks.min() ?? -1
        highest = peaks.max() ?? -1
        share = peaks.isEmpty ? -1 : nil
    }
}

import TopsailCore

/// A table with a header (RFC 4180), its columns by name: `neuron`, or `layer` or `sae` with `index`; `explanation`,
/// `score` or `correlation_score`, `tags`, `density`, `max`.
struct TableReader {
    let path: String
    let sink: CatalogImport

    private enum Column: Hashable {
        case neuron, sae, index, layer, model, explanation, score, tags, density, max

        /// The names that tables in circulation use.
        static let names: [String: Column] = [
            "neuron": .neuron, "sae": .sae, "index": .index, "feature": .index, "feature_index": .index,
            "latent": .index, "layer": .layer, "model": .model, "explanation": .explanation,
            "description": .explanation, "label": .explanation, "score": .score, "correlation_score": .score,
            "tags": .tags, "tag": .tags, "tag_list": .tags, "categories": .tags, "density": .density,
            "frac_nonzero": .density, "max": .max, "max_activation": .max,
        ]
    }

    func read() throws {
        var columns: [Column: Int] = [:]
        var width: Int?
        try DelimitedRecords.read(path) { fields, line in
            guard let expected = width else {
                width = fields.count
                columns = try header(fields)
                return
            }
            guard fields.count == expected else {
                return sink.skip("line \(line)", "a row has \(fields.count) fields where the header has \(expected)")
            }
            func field(_ column: Column) -> String? {
                guard let position = columns[column], !fields[position].isEmpty else { return nil }
                return fields[position]
            }
            switch neuron(field) {
            case .success(let neuron): try sink.add(neuron, at: "line \(line)")
            case .failure(let problem): sink.skip("line \(line)", problem.why)
            }
        }
    }

    private func header(_ fields: [String]) throws -> [Column: Int] {
        var columns: [Column: Int] = [:]
        for (position, field) in fields.enumerated() {
            let name = field.trimmed.lowercased()
            if let column = Column.names[name], columns[column] == nil { columns[column] = position }
        }
        guard columns[.neuron] != nil || columns[.index] != nil else {
            throw InterchangeError(
                path: path, place: "line 1", problem: "the header names neither a column “neuron” nor “index”",
                hint: "the first line names the columns: layer,index,explanation,score,tags")
        }
        return columns
    }

    private func neuron(_ field: (Column) -> String?) -> Result<ImportedNeuron, LineProblem> {
        var parser = NeuronFields()
        if let text = field(.neuron) {
            guard let id = NeuronID(text.trimmed) else {
                return .failure(LineProblem("“\(text)” is not the name of a neuron"))
            }
            parser.take(id)
        }
        if let text = field(.index) {
            guard let index = Int(text.trimmed), index >= 0 else {
                return .failure(LineProblem("“\(text)” is no index"))
            }
            parser.index = index
        }
        if let text = field(.layer) {
            guard let layer = Int(text.trimmed), layer >= 0 else {
                return .failure(LineProblem("“\(text)” is no layer"))
            }
            parser.sae.layer = layer
        }
        parser.sae.name = field(.sae) ?? parser.sae.name
        parser.sae.model = field(.model)
        guard let index = parser.index else { return .failure(LineProblem("there is no index of a neuron")) }
        var neuron = ImportedNeuron(sae: parser.sae, index: index)
        let score = number(field(.score))
        if field(.explanation) != nil || score != nil {
            let scores = score.map { [ExplanationScore(scorer: "simulation", value: $0)] } ?? []
            neuron.explanations = [
                NeuronExplanation(source: ImportedSource.make(), text: field(.explanation), scores: scores)
            ]
        }
        let separators: Set<Character> = [" ", ",", ";", "|"]
        neuron.tags = field(.tags)?.split { separators.contains($0) }.map { ImportedTag(String($0)) } ?? []
        neuron.statistics.density = number(field(.density))
        neuron.statistics.maxActivation = number(field(.max)).map { Float($0) }.flatMap { $0.isFinite ? $0 : nil }
        return .success(neuron)
    }

    private func number(_ text: String?) -> Double? {
        text.flatMap { Double($0.trimmed) }.flatMap { $0.isFinite ? $0 : nil }
    }
}

/// What a row says of which neuron it is about.
private struct NeuronFields {
    var sae = ImportedSAE()
    var index: Int?

    mutating func take(_ id: NeuronID) {
        index = id.index
        switch id {
        case .layered(let layer, _): sae.layer = layer
        case .named(let name, _): sae.name = name
        }
    }
}

extension String {
    /// Without spaces around it.
    fileprivate var trimmed: String {
        guard first?.isWhitespace == true || last?.isWhitespace == true else { return self }
        return String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}

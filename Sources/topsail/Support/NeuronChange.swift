import TopsailCatalog
import TopsailCore
import TopsailEngine

extension TagArguments {
    /// Changes the neuron's tags and says what it has now.
    func change(_ common: CommonOptions, _ body: (Catalog, NeuronID) throws -> Bool) throws {
        try NeuronChange(neuron, common).perform(body)
    }
}

/// One change by a person to one neuron.
struct NeuronChange {
    private let catalog: Catalog
    private let neuron: NeuronID
    private let isJSON: Bool

    init(_ name: String, _ common: CommonOptions) throws {
        catalog = try common.place.openCatalog()
        neuron = try catalog.neuronID(name)
        isJSON = common.json
    }

    /// Does it and prints how the neuron stands now.
    func perform(_ body: (Catalog, NeuronID) throws -> Bool) throws {
        let changed = try body(catalog, neuron)
        let detail = try catalog.neuron(neuron)
        if isJSON {
            StandardOutput.line(
                JSONText.object([
                    "neuron": neuron.description, "changed": changed, "tags": detail.row.tags,
                    "explanation": detail.row.explanation, "note": detail.note, "rating": detail.rating,
                ]).line)
            return
        }
        guard changed else { return StandardOutput.line("\(neuron): nothing to change") }
        Columns.print([
            ["neuron", neuron.description], ["tags", detail.row.tags.joined(separator: " ").orDash],
            ["explanation", detail.row.explanation ?? "–"], ["note", detail.note ?? "–"],
            ["rating", Figures.stars(detail.rating)],
        ])
    }
}

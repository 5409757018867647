import ArgumentParser
import TopsailCatalog

/// Which neurons are explained or scored, the ones of safety categories first.
struct ChosenNeurons: ParsableArguments {
    @OptionGroup var filter: FilterOptions
    @Option(parsing: .upToNextOption, help: "These neurons: 14_1424 or sae-name/1424.") var neuron: [String] = []
    @Option(help: "Neurons at most.") var limit: Int?

    func validate() throws {
        if limit ?? 1 < 1 { throw ValidationError("--limit needs a number above 0") }
    }

    /// - Throws: `CatalogError` for names that the catalog does not know.
    func details(in catalog: Catalog) throws -> [NeuronDetail] {
        let named = try neuron.map { try catalog.neuronID($0) }
        let ids =
            try named.isEmpty ? catalog.neurons(matching: filter.selected(), sort: NeuronSort(.id)).map(\.id) : named
        return try ids.map { try catalog.neuron($0) }
    }
}

import ArgumentParser
import TopsailCatalog
import TopsailEngine
import TopsailUI

/// `topsail neurons`: a list of neurons.
struct NeuronsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "neurons", abstract: "List neurons by category, SAE, words or tags.",
        discussion: """
            Examples:
              topsail neurons --category violence --sort score --limit 20
              topsail neurons --search "court trial" --json
              topsail neurons --query loud --sort max
              topsail neurons --filter 'shot max>5 dens<1' --sort density --reverse
            With --json one document a line.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var filter: FilterOptions
    @Option(help: ArgumentHelp("A filter that topsail query save keeps.", valueName: "name")) var query: String?
    @OptionGroup var sorting: SortOptions
    @Option(help: "Neurons to print at most.") var limit: Int?
    @Option(help: "Neurons to leave out at the start.") var offset = 0

    func validate() throws {
        if query != nil, try filter.selected() != NeuronFilter() {
            throw ValidationError("--query stands in the place of other conditions")
        }
        if limit ?? 0 < 0 || offset < 0 { throw ValidationError("--limit and --offset need numbers of 0 or more") }
    }

    func run() async throws {
        let catalog = try common.place.openCatalog()
        let rows = try catalog.neurons(
            matching: try query.map { try catalog.savedFilter($0) } ?? filter.selected(), sort: sorting.order,
            limit: limit ?? .max, offset: offset)
        if common.json {
            for row in rows { StandardOutput.line(row.document.line) }
            return
        }
        guard !rows.isEmpty else { return StandardError.line("no neuron matches") }
        let header = [["neuron", "score", "density", "max", "explanation", "tags"]]
        Columns.print(
            header
                + rows.map { row in
                    [
                        row.id.description, Figures.short(row.correlationScore), Figures.percent(row.density),
                        Figures.short(row.max), row.explanation ?? "–", row.tags.joined(separator: " "),
                    ]
                }, rightAligned: [1, 2, 3])
    }
}

extension Catalog {
    /// What a saved query asks for.
    fileprivate func savedFilter(_ name: String) throws -> NeuronFilter {
        NeuronFilter(NeuronQuery(filter: try FilterExpression.parse(savedQuery(named: name).text)))
    }
}

extension NeuronRow {
    /// The document that the command line promises.
    var document: JSONText {
        .object([
            "neuron": id.description, "sae": sae, "index": index, "layer": layer, "explanation": explanation,
            "correlation_score": correlationScore, "tags": tags, "density": density, "max": max,
        ])
    }
}

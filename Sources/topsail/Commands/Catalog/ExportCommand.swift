import ArgumentParser
import Foundation
import TopsailCatalog
import TopsailEngine

/// `topsail export`: neurons to a file.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write neurons to a file for people or other programs.",
        discussion: """
            Examples:
              topsail export csv --category violence --output violence.csv
              topsail export jsonl --output everything.jsonl
              topsail export csv --neuron 14_1424 7_1688 --output two.csv
            jsonl holds all that is known and imports again without loss.
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "csv, jsonl, markdown, html, safe-sail, neuronpedia, neuronpedia-upload, saedashboard or delphi.")
    var format: ExportFormat
    @OptionGroup var filter: FilterOptions
    @Option(parsing: .upToNextOption, help: "These neurons: 14_1424 or sae-name/1424.") var neuron: [String] = []
    @OptionGroup var sorting: SortOptions
    @Option(help: "Neurons to write at most.") var limit: Int?
    @Option(help: "Neurons to leave out at the start.") var offset = 0
    @Option(
        name: .shortAndLong, help: "The new file; for the last four formats a folder.", completion: .file())
    var output: String
    @Flag(help: "Replace what is there.") var force = false

    func validate() throws {
        if limit ?? 0 < 0 || offset < 0 { throw ValidationError("--limit and --offset need numbers of 0 or more") }
        if !neuron.isEmpty, try filter.selected() != NeuronFilter() || limit != nil || offset > 0 {
            throw ValidationError("--neuron stands in the place of other conditions")
        }
    }

    func run() async throws {
        let workspace = common.place
        let catalog = try workspace.openCatalog()
        let line = ProgressLine(common.progress)
        let path = (output as NSString).expandingTildeInPath
        let selection: ExportSelection =
            neuron.isEmpty
            ? .matching(try filter.selected(), sort: sorting.order, limit: limit ?? .max, offset: offset)
            : .neurons(try neuron.map { try catalog.neuronID($0) })
        let count = try Interruption.handled {
            try catalog.export(
                format, selection, to: path, force: force, texts: { TokenNames(modelOf: $0, in: workspace) }
            ) { count in
                try Interruption.check()
                line.show("\(count) neurons")
            }
        }
        line.clear()
        if common.json {
            StandardOutput.line(JSONText.object(["neurons": count, "output": path, "format": format.rawValue]).line)
        } else {
            StandardOutput.line("\(count) neurons in \(path)")
        }
    }
}

extension ExportFormat: ExpressibleByArgument {}

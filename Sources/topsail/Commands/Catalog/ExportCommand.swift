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
            jsonl holds all that is known and imports again without loss.
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "csv, jsonl, markdown, html, safe-sail, neuronpedia, neuronpedia-upload, saedashboard or delphi.")
    var format: ExportFormat
    @OptionGroup var filter: FilterOptions
    @Option(help: "score, density, max, id, relevance or evidence.") var sort = NeuronSort.Key.id
    @Option(help: "Neurons to write at most.") var limit: Int?
    @Option(help: "Neurons to leave out at the start.") var offset = 0
    @Option(
        name: .shortAndLong, help: "The new file; for the last four formats a folder.", completion: .file())
    var output: String
    @Flag(help: "Replace what is there.") var force = false

    func validate() throws {
        if limit ?? 0 < 0 || offset < 0 { throw ValidationError("--limit and --offset need numbers of 0 or more") }
    }

    func run() async throws {
        let workspace = common.place
        let catalog = try workspace.openCatalog()
        let line = ProgressLine(common.progress)
        let path = (output as NSString).expandingTildeInPath
        let selection = ExportSelection.matching(
            filter.filter, sort: NeuronSort(sort), limit: limit ?? .max, offset: offset)
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

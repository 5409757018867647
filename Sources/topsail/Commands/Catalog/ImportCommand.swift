import ArgumentParser
import Foundation
import TopsailCatalog
import TopsailCore
import TopsailEngine

/// `topsail import`: neurons from a file.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Read neurons from a file of this or another program.",
        discussion: """
            Examples:
              topsail import safe-sail en_db.json
              topsail import neuronpedia export/gpt2-small/6-res-jb --as gpt2-6
            All of the file is taken or nothing; importing it again changes nothing. What you wrote yourself is never
            replaced.
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "safe-sail, neuronpedia, saedashboard, delphi, neuron-explainer, csv or jsonl.") var format:
        ImportFormat
    @Argument(help: "The file or folder.", completion: .file()) var path: String
    @Option(name: .customLong("as"), help: "Name of the SAE; where a file holds one a layer, name-layer.") var name:
        String?
    @Option(help: "Name of the language model.") var model: String?
    @Option(
        help: ArgumentHelp(
            "Where the SAE reads, if the file says a layer only: resid_post, mlp_out …", valueName: "site"))
    var hook: HookSite?
    @Option(help: ArgumentHelp("d_sae, if the file does not say it.", valueName: "n")) var width: Int?
    @Option(help: "Strongest contexts to keep of each neuron.") var contexts = 10
    @Flag(help: "Set activations on tokens that begin a text, such as <bos>, to 0.") var ignoreStartTokens = false

    func validate() throws {
        if contexts < 0 { throw ValidationError("--contexts needs a number of 0 or more") }
        if let width, width < 1 { throw ValidationError("--width needs a number above 0") }
        if let name, name.isEmpty { throw ValidationError("--as needs a name") }
    }

    func run() async throws {
        let catalog = try common.place.openCatalog()
        let line = ProgressLine(common.progress)
        let report = try Interruption.handled {
            try catalog.importFile(format, at: (path as NSString).expandingTildeInPath, options: options) { count in
                try Interruption.check()
                line.show("\(count) neurons")
            }
        }
        line.clear()
        if common.json { return StandardOutput.line(report.json) }
        StandardOutput.line(
            "\(report.neurons) neurons, \(report.explanations) explanations, \(report.tags) tags, \(report.contexts) contexts"
        )
        for entry in report.skipped {
            StandardError.line(PrintableText.printable("skipped: \(entry.places): \(entry.why)"))
        }
        if report.unlisted > 0 { StandardError.line("skipped: \(report.unlisted) more") }
        for note in report.notes { StandardError.line("note: \(note)") }
    }

    private var options: ImportOptions {
        var options = ImportOptions()
        options.name = name
        options.model = model
        options.site = hook
        options.width = width
        options.contexts = contexts
        options.ignoresStartTokens = ignoreStartTokens
        return options
    }
}

extension ImportFormat: ExpressibleByArgument {}
extension HookSite: ExpressibleByArgument {}

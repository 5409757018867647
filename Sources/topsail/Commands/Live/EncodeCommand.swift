import ArgumentParser
import TopsailCatalog
import TopsailEngine

/// `topsail encode`: live encoding without the interface.
struct EncodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode", abstract: "Show which neurons fire on a text, token by token.",
        discussion: """
            Examples:
              topsail encode --text "The court sentenced him" --top 5
              topsail encode --file prompts.jsonl --chat --json
            --file and standard input hold one JSON text, or object with text or messages, a line.
            With --json one document a line. Special tokens, the template and the first token are attention sinks: they are
            shown, but left out of the strongest neurons of the prompt.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var model: ModelOptions
    @Option(
        name: .customLong("sae"), parsing: .upToNextOption, help: "SAEs (default: the workspace's set).",
        completion: .file())
    var saes: [String] = []
    @Option(parsing: .unconditional, help: "A text.") var text: String?
    @Option(help: "A file of JSON Lines.", completion: .file()) var file: String?
    @Flag(help: "Render each text as one user message through the model's chat template.") var chat = false
    @Option(help: "Neurons to print for each token and for the prompt.") var top = 20
    @Flag(help: "Print every active neuron.") var all = false

    func validate() throws {
        if text != nil, file != nil { throw ValidationError("--text and --file exclude each other") }
        if top < 0 { throw ValidationError("--top needs a number of 0 or more") }
    }

    func run() async throws {
        let workspace = common.place
        let catalog = workspace.hasCatalog ? try workspace.openCatalog() : nil
        let sources = try workspace.liveSources(
            model: model.model, saes: saes, catalog: catalog, precision: model.precision)
        let session = LiveSession(sources, catalog: catalog)
        let names = try NeuronNames(try await session.prepare().saes.map(\.name), catalog: catalog)
        let prompts = try PromptSource(text: text, file: file, usesChatTemplate: chat)
        while let prompt = try prompts.next() {
            let report = try await session.fullReport(on: prompt.request)
            let encoding = PromptEncoding(id: prompt.id, report: report, names: names, limit: all ? .max : top)
            if common.json {
                StandardOutput.line(encoding.document.line)
            } else {
                encoding.print()
            }
        }
    }
}

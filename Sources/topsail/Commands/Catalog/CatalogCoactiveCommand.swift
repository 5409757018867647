import ArgumentParser
import TopsailCatalog
import TopsailEngine
import TopsailModel
import TopsailPipeline
import TopsailSAE

extension CatalogCommand {
    /// `topsail catalog coactive`.
    struct Coactive: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add which neurons fire together, from a corpus; all else stays as it is.",
            discussion: """
                Example: topsail catalog coactive --corpus Data/corpus
                Reads the held-out documents of the corpus, a twentieth of it. Kept are the neurons with the highest Jaccard
                index: the share of the tokens on which either fires that both fire on, of at least five tokens. topsail collect
                does the same for what it collects.
                """)

        @OptionGroup var common: CommonOptions
        @Option(help: "A model of the workspace or a .gguf file (default: the workspace's model).", completion: .file())
        var model: String?
        @Option(help: "The corpus' folder.", completion: .directory) var corpus: String
        @Option(
            name: .customLong("sae"), parsing: .upToNextOption, help: "SAEs (default: the workspace's set).",
            completion: .file())
        var saes: [String] = []

        func run() async throws {
            let workspace = common.place
            let catalog = try workspace.openCatalog()
            let names = try saes.isEmpty ? workspace.defaultSAEs(catalog: catalog).map(\.name) : saes
            let build = CoactivationBuild(
                model: try LanguageModel.open(path: workspace.modelPath(model)),
                texts: try CorpusStore(path: corpus).texts(),
                saes: try names.map {
                    try SAELoader.open(path: workspace.sae($0).path, name: $0)
                })
            let line = ProgressLine(common.progress)
            let outcomes = try Interruption.handled {
                try build.run(into: catalog, isCancelled: { Interruption.isRequested }) {
                    line.show("reading \(Int($0 * 100)) %")
                }
            }
            line.clear()
            if common.json {
                let saes = outcomes.map {
                    JSONText.object(["sae": $0.sae, "tokens": $0.tokens, "neurons": $0.neurons])
                }
                return StandardOutput.line(JSONText.object(["saes": saes]).line)
            }
            Columns.print(
                outcomes.map { ["\($0.neurons)", "neurons of \($0.sae)", "on \($0.tokens) tokens"] },
                rightAligned: [0])
        }
    }
}

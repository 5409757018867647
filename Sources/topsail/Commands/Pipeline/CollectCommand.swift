import ArgumentParser
import Foundation
import TopsailAnalysis
import TopsailCatalog
import TopsailEngine
import TopsailFiles
import TopsailModel
import TopsailPipeline
import TopsailSAE

/// `topsail collect`: what neurons do on a corpus, into the catalog.
struct CollectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect",
        abstract: "Read a corpus, or activations of items, and write what the neurons of SAEs do on it to the catalog.",
        discussion: """
            Examples:
              topsail collect --corpus Data/corpus --sae my-sae --pairs Data/pairs.jsonl
              topsail collect --activations patches.npy --labels images.csv --sae vision-sae
            Writes contexts, density, histogram, quantiles, logit effects, explanations with their scores on held-out text,
            and, with --pairs, tags. Activations [items, d] or [items, positions, d], from whatever model, need no language
            model: contexts are then the items on which a neuron fires most, and explanations the words that their labels
            share. What you wrote into the catalog stays.
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "A model of the workspace or a .gguf file (default: the workspace's model).") var model: String?
    @Option(help: "exact is fp32 arithmetic; fast multiplies integers where the CPU can (default: fast).")
    var precision: Precision?
    @OptionGroup var overrides: SAEOverrides
    @Option(name: .customLong("sae"), parsing: .upToNextOption, help: "SAEs of the workspace, or checkpoints.")
    var saes: [String]
    @Option(help: "The corpus' folder.") var corpus: String?
    @OptionGroup var items: ItemOptions
    @Option(help: "Strongest contexts or items to keep of each neuron.") var contexts = 10
    @Option(help: "JSON Lines of contrast pairs whose concepts become tags.") var pairs: String?
    @Option(
        help: ArgumentHelp(
            "ordinary leaves out special tokens, the template's and the first of a context; all counts every token "
                + "(default: ordinary)."))
    var count: CountedTokens?
    @Option(help: "Held-out tokens to measure the SAEs on (default: 10000).") var evaluationTokens: Int?

    func validate() throws {
        if contexts < 1 { throw ValidationError("--contexts needs a number above 0") }
        if (corpus == nil) == (items.activations == nil) {
            throw ValidationError("either --corpus or --activations is needed, and not both")
        }
        if items.activations != nil, !corpusOptions.isEmpty {
            let names = corpusOptions.joined(separator: " and ")
            throw ValidationError(
                "\(names) \(corpusOptions.count == 1 ? "belongs" : "belong") to --corpus: activations of items need no "
                    + "language model")
        }
    }

    /// Options that were given and say how a language model reads a corpus.
    private var corpusOptions: [String] {
        [
            ("--model", model != nil), ("--precision", precision != nil), ("--pairs", pairs != nil),
            ("--count", count != nil), ("--evaluation-tokens", evaluationTokens != nil),
        ].filter(\.1).map(\.0)
    }

    func run() async throws {
        let workspace = common.place
        let catalog = try workspace.openCatalog()
        guard let corpus else { return try collectItems(in: workspace, into: catalog) }
        let store = CorpusStore(path: corpus)
        let model = try LanguageModel.open(path: workspace.modelPath(model))
        var build = CatalogBuild(
            model: model, corpusName: store.name, texts: try store.texts(),
            members: try saes.map { try member($0, in: workspace, catalog) },
            pairs: try pairs.map(ContrastPair.load) ?? [], hook: overrides.hook)
        build.collection.contexts = contexts
        build.collection.precision = precision ?? .fast
        build.scope = count ?? .ordinary
        build.evaluationTokens = evaluationTokens ?? 10_000
        let progress = ProgressLine(common.progress)
        let outcomes = try Interruption.handled {
            try build.run(into: catalog, isCancelled: { Interruption.isRequested }) { stage, share in
                progress.show("\(stage.rawValue) \(Int(share * 100)) %")
            }
        }
        progress.clear()
        report(outcomes)
    }

    private func collectItems(in workspace: Workspace, into catalog: Catalog) throws {
        let source = try items.source()
        let progress = ProgressLine(common.progress)
        let builds = try saes.map { name in
            var build = ItemCatalogBuild(
                source: source, sae: try overrides.open(name, in: workspace), path: try workspace.sae(name).path)
            build.contexts = contexts
            return build
        }
        for build in builds { try build.check(against: catalog) }
        for build in builds {
            let outcome = try Interruption.handled {
                try build.run(into: catalog, isCancelled: { Interruption.isRequested }) { share in
                    progress.show("\(build.sae.info.name) \(Int(share * 100)) %")
                }
            }
            progress.clear()
            report([outcome])
        }
    }

    /// The first SAE at a layer that has none in the default set becomes that layer's.
    private func member(_ name: String, in workspace: Workspace, _ catalog: Catalog) throws -> CatalogBuild.Member {
        let place = try workspace.sae(name)
        let sae = try overrides.open(name, in: workspace)
        let hook = overrides.hook ?? sae.info.hook
        let records = try catalog.saes()
        let isDefault =
            records.first { $0.name == sae.info.name }?.isDefault
            ?? !records.contains { $0.isDefault && $0.layer == hook?.layer }
        return CatalogBuild.Member(sae: sae, path: place.path, isDefault: isDefault)
    }

    private func report(_ outcomes: [CatalogBuild.Outcome]) {
        for outcome in outcomes {
            let summary = outcome.summary
            if common.json {
                StandardOutput.line(
                    JSONText.object([
                        "sae": outcome.sae, "neurons": summary.neurons, "fired": summary.fired,
                        "explained": summary.explained, "scored": summary.scored, "median_score": summary.medianScore,
                        "tagged": summary.tagged,
                        "metrics": JSONText.object(
                            outcome.metrics.sorted { $0.key < $1.key }.map { ($0.key, .double($0.value)) }),
                    ]).line)
            } else {
                StandardOutput.line(
                    "\(outcome.sae): \(summary.fired) of \(summary.neurons) neurons fired, \(summary.explained) explained, "
                        + "\(summary.tagged) tagged"
                        + (summary.scored > 0 ? ", median score \(Figures.short(summary.medianScore))" : ""))
            }
        }
    }
}

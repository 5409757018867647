import ArgumentParser
import TopsailCatalog
import TopsailEngine
import TopsailModel
import TopsailPipeline

/// `topsail collect`: what neurons do on a corpus, into the catalog.
struct CollectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect",
        abstract: "Read a corpus, or activations of items, and write what the neurons of SAEs do on it to the catalog.",
        discussion: """
            Examples:
              topsail collect --corpus Data/corpus --sae my-sae --pairs Data/pairs.jsonl
              topsail collect --corpus Data/corpus --sae my-sae --shard 2/8 --output part-2.topsail --resume
              topsail collect --activations patches.npy --labels images.csv --sae vision-sae
            Writes contexts, density, histogram, quantiles, logit effects, explanations with their scores on held-out text,
            and, with --pairs, tags. Activations [items, d] or [items, positions, d], from whatever model, need no language
            model: contexts are then the items on which a neuron fires most, and explanations the words that their labels
            share. What you wrote into the catalog stays.
            With --shard, one of several machines reads its share of the corpus and writes a part; topsail catalog merge puts
            the parts together, to the bits that one pass gives. A run that was ended goes on with --resume.
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "A model of the workspace or a .gguf file (default: the workspace's model).", completion: .file())
    var model: String?
    @Option(help: "exact is fp32 arithmetic; fast multiplies integers where the CPU can (default: fast).")
    var precision: Precision?
    @OptionGroup var overrides: SAEOverrides
    @Option(
        name: .customLong("sae"), parsing: .upToNextOption, help: "SAEs of the workspace, or checkpoints.",
        completion: .file())
    var saes: [String]
    @Option(help: "The corpus' folder.", completion: .directory) var corpus: String?
    @OptionGroup var items: ItemOptions
    @Option(help: "Strongest contexts or items to keep of each neuron.") var contexts = 10
    @Option(help: "JSON Lines of contrast pairs whose concepts become tags.", completion: .file()) var pairs: String?
    @Option(
        help: ArgumentHelp(
            "ordinary leaves out special tokens, the template's and the first of a context; all counts every token "
                + "(default: ordinary)."))
    var count: CountedTokens?
    @Option(help: "Held-out tokens to measure the SAEs on (default: 10000).") var evaluationTokens: Int?
    @Option(help: ArgumentHelp("Read only this share of the corpus, e.g. 2/8, and write a part.", valueName: "i/n"))
    var shard: Shard?
    @Option(help: "The part that --shard writes; no catalog is needed.", completion: .file()) var output: String?
    @Flag(help: "Go on from where an earlier run of the same command ended.") var resume = false
    @Option(help: "Minutes after which a run notes how far it is.") var checkpointMinutes = 3.0
    @OptionGroup var cost: DryRunOptions

    func validate() throws {
        if contexts < 1 { throw ValidationError("--contexts needs a number above 0") }
        if (corpus == nil) == (items.activations == nil) {
            throw ValidationError("either --corpus or --activations is needed, and not both")
        }
        if (shard == nil) != (output == nil) { throw ValidationError("--shard and --output belong together") }
        if items.activations != nil, shard != nil || resume || cost.dryRun {
            throw ValidationError("--shard, --resume and --dry-run belong to --corpus")
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
        if let shard, let output { return try collectPart(shard, output, in: workspace) }
        let catalog = try workspace.openCatalog()
        guard corpus != nil else { return try collectItems(in: workspace, into: catalog) }
        let collection = try collection(in: workspace, catalog)
        if cost.dryRun { return try forecast(collection, writesCatalog: true) }
        let progress = ProgressLine(common.progress)
        let outcomes = try Interruption.handled {
            try collection.run(
                into: catalog, checkpoint: workspace.root + "/collect.unfinished",
                isCancelled: { Interruption.isRequested }
            ) { stage, share in
                progress.show("\(stage.rawValue) \(Int(share * 100)) %")
            }
        }
        progress.clear()
        CollectionReport.print(outcomes, json: common.json)
    }

    private func collectPart(_ shard: Shard, _ output: String, in workspace: Workspace) throws {
        var collection = try collection(in: workspace, nil)
        collection.shard = shard
        if cost.dryRun { return try forecast(collection, writesCatalog: false) }
        let progress = ProgressLine(common.progress)
        let header = try Interruption.handled {
            try collection.write(to: output, isCancelled: { Interruption.isRequested }) { share in
                progress.show("shard \(shard) \(Int(share * 100)) %")
            }
        }
        progress.clear()
        if common.json {
            StandardOutput.line(
                JSONText.object(["part": output, "shard": shard.description, "chunks": header.chunks]).line)
        } else {
            StandardOutput.line("\(output): shard \(shard), \(header.chunks) chunks")
        }
    }

    private func forecast(_ collection: PartCollection, writesCatalog: Bool) throws {
        ForecastReport(forecast: try collection.forecast(writesCatalog: writesCatalog)).print(json: common.json)
    }

    private func collection(in workspace: Workspace, _ catalog: Catalog?) throws -> PartCollection {
        let request = PartRequest(
            model: model, corpus: corpus, saes: saes, saeFormat: overrides.format?.name, saeOptions: overrides.values,
            hook: overrides.hook?.description, pairs: pairs,
            evaluationTokens: evaluationTokens ?? 10_000)
        var build = try CollectionInputs(workspace: workspace, request: request).build(catalog: catalog)
        build.collection.contexts = contexts
        build.collection.precision = precision ?? .fast
        build.scope = count ?? .ordinary
        var collection = PartCollection(build)
        collection.request = request
        collection.resumes = resume
        collection.pause = .seconds(checkpointMinutes * 60)
        return collection
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
            CollectionReport.print([outcome], json: common.json)
        }
    }
}

extension Shard: ExpressibleByArgument {}

import ArgumentParser
import TopsailAnalysis
import TopsailEngine
import TopsailModel
import TopsailPipeline

/// `topsail calibrate`: how tagged neurons count for categories.
struct CalibrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate", abstract: "Fit the weights that topsail assess scores prompts with.",
        discussion: """
            Examples:
              topsail calibrate --pairs Data/pairs.jsonl --background Data/corpus/seeds.jsonl
              topsail calibrate --pairs Data/pairs.jsonl --prompts Data/prompts.jsonl --exam Data/heldout.jsonl
            For each category a logistic regression on the catalog's neurons tagged with it; your own tags count. Pooling and penalty
            are chosen by cross-validation on the pairs and prompts. --exam compares the result with simpler means on prompts that nothing was
            fitted to: the difference of mean activations, a bag of tokens, as many random neurons; and neurons just added up. All texts to
            fit to are short; --corpus measures how scores rise on longer ones, and takes that off.
            """)

    @OptionGroup var common: CommonOptions
    @Option(
        help: "A model of the workspace, a .gguf file or a Hugging Face folder (default: the workspace's model).",
        completion: .file())
    var model: String?
    @Option(help: "exact is fp32 arithmetic; fast multiplies integers where the CPU can.") var precision = Precision
        .fast
    @OptionGroup var overrides: SAEOverrides
    @Option(
        name: .customLong("sae"), parsing: .upToNextOption, help: "SAEs (default: the workspace's set).",
        completion: .file())
    var saes: [String] = []
    @Option(help: "JSON Lines of contrast pairs.", completion: .file()) var pairs: String
    @Option(help: "JSON Lines of everyday prompts; of a corpus' seeds the general ones are taken.") var background:
        String?
    @Option(
        help: "JSON Lines of labelled prompts to fit to besides the pairs, harmful and harmless.", completion: .file())
    var prompts: String?
    @Option(
        help: "A corpus' folder; its general texts tell how scores rise with length, which is then taken off.",
        completion: .directory)
    var corpus: String?
    @Option(help: "JSON Lines of labelled prompts to test with.", completion: .file()) var exam: String?
    @Option(help: "Where the weights go (default: the workspace).", completion: .file()) var output: String?
    @OptionGroup var cost: DryRunOptions

    func run() async throws {
        let workspace = common.place
        let catalog = try workspace.openCatalog()
        let model = try LanguageModel.open(path: workspace.modelPath(model))
        let names = try saes.isEmpty ? workspace.defaultSAEs(catalog: catalog).map(\.name) : saes
        var build = try AssessmentBuild(
            model: model, saes: names.map { try overrides.open($0, in: workspace) }, catalog: catalog,
            pairs: ContrastPair.load(path: pairs), background: background.map(EverydayPrompts.load) ?? [],
            hook: overrides.hook, precision: precision)
        build.prompts = try prompts.map(LabelledPrompt.loadForFitting) ?? []
        build.documents = try corpus.map { EverydayPrompts.documents(of: try CorpusStore(path: $0).texts()) } ?? []
        let tests = try exam.map(LabelledPrompt.load)
        if cost.dryRun {
            return ForecastReport(forecast: try build.forecast(exam: tests ?? [])).print(json: common.json)
        }
        let progress = ProgressLine(common.progress)
        let outcome = try Interruption.handled {
            try build.run(isCancelled: { Interruption.isRequested }) { stage, share in
                progress.show("\(stage.words) \(Int(share * 100)) %")
            }
        }
        progress.clear()
        try (output.map(AssessmentFile.init) ?? workspace.assessment).write(outcome.model)
        let results = try tests.map { try build.examine($0, of: outcome) } ?? []
        if common.json {
            StandardOutput.line(document(outcome, results).line)
        } else {
            show(outcome, results)
        }
    }

    private func document(_ outcome: AssessmentBuild.Outcome, _ results: [AssessmentExam.Result]) -> JSONText {
        .object([
            "pooling": outcome.model.pooling.rawValue, "strength": outcome.model.strength,
            "neurons": outcome.model.neurons.count, "fitted_tokens": outcome.model.fittedTokens,
            "trials": outcome.trials.map { trial in
                JSONText.object([
                    "pooling": trial.pooling.rawValue, "strength": trial.strength, "limit": trial.limit,
                    "auroc": trial.meanAUROC,
                ])
            },
            "categories": outcome.model.categories.map { category in
                JSONText.object([
                    "category": category.slug, "neurons": category.terms.count, "threshold": category.threshold,
                    "auroc": category.crossValidatedAUROC, "length_slope": category.lengthSlope,
                ])
            },
            "exam": results.map { result in
                JSONText.object([
                    "category": result.category, "against": result.against, "method": result.method.rawValue,
                    "auroc": result.auroc, "low": result.low, "high": result.high, "positives": result.positives,
                    "negatives": result.negatives,
                ])
            },
        ])
    }

    private func show(_ outcome: AssessmentBuild.Outcome, _ results: [AssessmentExam.Result]) {
        let model = outcome.model
        StandardOutput.line(
            "\(model.neurons.count) neurons, pooling \(model.pooling.rawValue), C \(Figures.short(model.strength))")
        Columns.print(
            model.categories.map { category in
                [
                    Figures.short(category.crossValidatedAUROC), category.slug,
                    "\(category.terms.count) neurons",
                ]
            }, rightAligned: [0])
        guard !results.isEmpty else { return }
        StandardOutput.line("")
        StandardOutput.line("On prompts that nothing was fitted to (AUROC, 95 % interval):")
        Columns.print(
            results.map { result in
                [
                    Figures.short(result.auroc), "\(Figures.short(result.low)) to \(Figures.short(result.high))",
                    result.category, "against \(result.against)", result.method.rawValue,
                    "\(result.positives) : \(result.negatives)",
                ]
            }, rightAligned: [0])
    }
}

import ArgumentParser
import Foundation
import TopsailCatalog
import TopsailCore
import TopsailEngine
import TopsailModel
import TopsailPipeline
import TopsailSAE

/// `topsail score`: how well explanations predict where their neurons fire.
struct ScoreCommand: AsyncParsableCommand {
    enum Kind: String, ExpressibleByArgument, CaseIterable { case model, endpoint, table }

    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Score explanations by what they predict on held-out texts.",
        discussion: """
            Examples:
              topsail score --corpus Data/corpus --category violence --limit 20
              topsail score --corpus Data/corpus --scorer simulation,segment --compare --limit 40
              topsail score --corpus Data/corpus --simulator endpoint --endpoint http://127.0.0.1:8080/v1 --endpoint-model NAME
            simulation asks for every token, segment for every piece of a sentence, detection for whole texts, fuzzing for
            marked words. The texts are those of the corpus' documents that nothing was explained with. Scores are stored by
            scorer and simulator, with test set and interval; only scores of the same are comparable. What cannot be scored is
            reported as failed, with the reason, and gets no score.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var chosen: ChosenNeurons
    @Option(help: "simulation, segment, detection or fuzzing; several, separated by commas.")
    var scorer = ScorerList(values: [.segment])
    @Option(help: "Who plays the neuron: a model of the workspace, an endpoint, or the table of expected activations.")
    var simulator = Kind.model
    @Option(
        help: "The model that plays the neuron: of the workspace, or a file (default: the workspace's model).",
        completion: .file())
    var model: String?
    @OptionGroup var endpoint: EndpointOptions
    @Option(help: "The model whose neurons they are (default: the workspace's model).") var subject: String?
    @Option(help: "The corpus' folder.", completion: .directory) var corpus: String
    @Option(help: "Whose explanations: human, tokens, model:NAME … (default: those that are shown).") var source:
        String?
    @Option(help: "exact is fp32 arithmetic; fast multiplies integers where the CPU can.") var precision = Precision
        .fast
    @Option(help: "Contexts from the upper third of a neuron's range.") var top = 5
    @Option(help: "Contexts from the two lower thirds together.") var middle = 5
    @Option(help: "Contexts in which the neuron is silent.") var silent = 10
    @Option(help: "Fixes which contexts are drawn.") var seed: UInt64 = 1
    @Flag(help: "Score anew and compare segment with simulation: rank correlation and cost.") var compare = false
    @Flag(help: "Score again what has a score of this kind.") var again = false
    @Flag(help: "State the cost and do nothing.") var dryRun = false

    func validate() throws {
        try endpoint.validate(isUsed: simulator == .endpoint, by: "--simulator")
        if simulator != .model, model != nil { throw ValidationError("--model belongs to --simulator model") }
        if top < 0 || middle < 0 || top + middle < 1 || silent < 1 {
            throw ValidationError("--top, --middle and --silent need numbers above 0")
        }
        if compare, !scorer.values.contains(.simulation) || !scorer.values.contains(.segment) {
            throw ValidationError("--compare needs --scorer simulation,segment")
        }
    }

    private var options: TestSet.Options {
        var options = TestSet.Options()
        options.top = top
        options.middle = middle
        options.silent = silent
        options.seed = seed
        return options
    }

    func run() async throws {
        let workspace = common.place
        let catalog = try workspace.openCatalog()
        let neurons = ExplanationOrder.sorted(try chosen.details(in: catalog))
            .filter { $0.sae.hasLanguageModel && ScoringRun.Candidate($0, source: source) != nil }
            .prefix(chosen.limit ?? .max)
        let asked = try openAsked(in: workspace)
        if let asked {
            let forecast = try forecast(Array(neurons), asked, workspace)
            let total = forecast.values.reduce(AskingCost(), +)
            if dryRun { return report(forecast: forecast, neurons: neurons.count) }
            if !neurons.isEmpty { StandardError.line("\(neurons.count) explanations to score: \(total.forecast)") }
        } else if dryRun {
            return StandardOutput.line("\(neurons.count) explanations to score by their tables; no model is asked")
        }
        let report = try Interruption.handled {
            try score(Array(neurons), asked: asked, in: workspace, catalog)
        }
        report.print(json: common.json, compares: compare)
        if let interruption = report.outcome.interruption { throw interruption }
    }

    private func score(
        _ neurons: [NeuronDetail], asked: (any AskableModel)?, in workspace: Workspace, _ catalog: Catalog
    ) throws -> ScoreReport {
        var report = ScoreReport(simulator: asked?.name ?? "table")
        guard !neurons.isEmpty else { return report }
        let store = CorpusStore(path: corpus)
        let model = try LanguageModel.open(path: workspace.modelPath(subject))
        let documents = try CorpusReading.read(try store.texts(), with: model)
        let journal = try ScoringJournal(path: workspace.scoringJournalPath)
        let line = ProgressLine(common.progress)
        for (name, neurons) in Dictionary(grouping: neurons, by: { $0.sae.name }).sorted(by: { $0.key < $1.key }) {
            let sae = try workspace.openSAE(of: neurons[0].sae)
            let corpus = try CorpusActivations.read(
                documents.filter(\.isHeldOut), model: model, sae: sae, hook: neurons[0].sae.hook, precision: precision,
                isCancelled: { Interruption.isRequested },
                progress: { line.show("\(name): reading held-out texts \($0) of \($1)") })
            let testSet = TestSet(corpus, name: store.name, options: options) { model.tokenizer.text(of: $0) }
            var run = ScoringRun(
                scorers: scorer.values,
                simulator: try player(asked, documents, model, sae, line), testSet: testSet)
            run.again = again || compare
            let outcome = try run.run(
                neurons.compactMap { ScoringRun.Candidate($0, source: source) }, into: catalog,
                isCancelled: { Interruption.isRequested }, noted: { try journal.note($0, testSet: testSet.id) },
                progress: { line.show("\(name): scoring \($0) of \($1)") })
            line.clear()
            report.add(outcome, testSet: testSet.id)
            if outcome.interruption != nil { break }
        }
        return report
    }

    private func player(
        _ asked: (any AskableModel)?, _ documents: [CorpusReading], _ model: LanguageModel,
        _ sae: any SparseAutoencoder, _ line: ProgressLine
    ) throws -> any ActivationSimulator {
        if let asked { return Self.simulator(asked) }
        var collection = CollectionRun()
        collection.precision = precision
        return TableSimulator(
            try StatisticalExplainer(
                documents, model: model, sae: sae, run: collection, isCancelled: { Interruption.isRequested },
                progress: { line.show("counting \($0) of \($1)") }))
    }

    private static func simulator(_ asked: any AskableModel) -> any ActivationSimulator {
        if let model = asked as? any GapFillingModel { return GapSimulator(model) }
        return WritingSimulator(asked)
    }

    /// - Returns: `nil` for the table, which asks nobody.
    private func openAsked(in workspace: Workspace) throws -> (any AskableModel)? {
        switch simulator {
        case .table: return nil
        case .endpoint: return try endpoint.open(in: workspace)
        case .model:
            let path = try workspace.modelPath(model)
            return try EmbeddedModel(
                LanguageModel.open(path: path), name: Workspace.modelName(at: path), precision: precision,
                isCancelled: { Interruption.isRequested })
        }
    }

    // MARK: The cost

    private func forecast(
        _ neurons: [NeuronDetail], _ asked: any AskableModel, _ workspace: Workspace
    ) throws -> [Scorer: AskingCost] {
        let counting = CountingModel(asked)
        let simulator: any ActivationSimulator =
            asked is any GapFillingModel ? GapSimulator(counting) : WritingSimulator(counting)
        var names: [String: TokenNames] = [:]
        var costs: [Scorer: AskingCost] = [:]
        for neuron in neurons {
            guard let candidate = ScoringRun.Candidate(neuron, source: source) else { continue }
            let texts = names[neuron.sae.name] ?? TokenNames(modelOf: neuron.sae, in: workspace)
            names[neuron.sae.name] = texts
            costs.merge(
                try ScoringForecast.count(
                    candidate, passages: neuron.contexts.filter { !$0.tokens.isEmpty }.map { texts.texts(of: $0) },
                    options: options, scorers: scorer.values, simulator: simulator), uniquingKeysWith: +)
        }
        return costs
    }

    private func report(forecast: [Scorer: AskingCost], neurons: Int) {
        let costs = scorer.values.map { ($0, forecast[$0] ?? AskingCost()) }
        if common.json {
            return StandardOutput.line(
                JSONText.object([
                    "neurons": neurons,
                    "forecast": JSONText.object(costs.map { ($0.0.rawValue, $0.1.document) }),
                ]).line)
        }
        StandardOutput.line("\(neurons) explanations to score")
        for (scorer, cost) in costs { StandardOutput.line("\(scorer.rawValue): \(cost.forecast)") }
    }
}

/// Names of scorers, separated by commas.
struct ScorerList: ExpressibleByArgument {
    let values: [Scorer]

    init(values: [Scorer]) { self.values = values }

    init?(argument: String) {
        let names = argument.split(separator: ",").map { $0.trimmingPrefix(" ") }
        let scorers = names.compactMap { Scorer(rawValue: String($0)) }
        guard scorers.count == names.count, !scorers.isEmpty, Set(scorers).count == scorers.count else { return nil }
        values = scorers
    }

    var defaultValueDescription: String { values.map(\.rawValue).joined(separator: ",") }
    static var allValueStrings: [String] { Scorer.allCases.map(\.rawValue) }
}

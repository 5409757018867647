import ArgumentParser
import Foundation
import TopsailAnalysis
import TopsailCatalog
import TopsailCore
import TopsailEngine
import TopsailModel
import TopsailPipeline
import TopsailSAE

/// `topsail explain`: words for what neurons react to.
struct ExplainCommand: AsyncParsableCommand {
    enum Kind: String, ExpressibleByArgument, CaseIterable { case tokens, model, endpoint }

    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Explain neurons by counting, or by asking a language model.",
        discussion: """
            Examples:
              topsail explain --explainer model --category violence --limit 20
              topsail explain --explainer endpoint --endpoint http://127.0.0.1:8080/v1 --endpoint-model NAME --dry-run
              topsail explain --explainer tokens --corpus Data/corpus
            Neurons of safety categories come first, those that tell a category best before the others. Neurons with an
            explanation of the same kind and model are left out unless --again is given, so a run that was ended goes on.
            What you wrote stays, and is shown first. --dry-run states the cost.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var chosen: ChosenNeurons
    @Option(help: "tokens counts and asks no model; model asks one of the workspace; endpoint asks a server.")
    var explainer = Kind.tokens
    @Option(
        help: "The model that explains: of the workspace, or a file (default: the workspace's model).",
        completion: .file())
    var model: String?
    @OptionGroup var endpoint: EndpointOptions
    @Option(help: "The model whose neurons they are (default: the workspace's model).") var subject: String?
    @Option(help: "The corpus' folder, for --explainer tokens.", completion: .directory) var corpus: String?
    @Option(help: "exact is fp32 arithmetic; fast multiplies integers where the CPU can.") var precision = Precision
        .fast
    @Flag(inversion: .prefixedNo, help: "Show a model excerpts in which the neuron is silent.") var silent = true
    @Flag(help: "Explain again what has an explanation of this kind.") var again = false
    @Flag(help: "State the cost and do nothing.") var dryRun = false

    func validate() throws {
        try endpoint.validate(isUsed: explainer == .endpoint, by: "--explainer")
        if explainer != .model, model != nil { throw ValidationError("--model belongs to --explainer model") }
        if explainer == .tokens, corpus == nil { throw ValidationError("--explainer tokens needs --corpus") }
        if explainer != .tokens, corpus != nil { throw ValidationError("--corpus belongs to --explainer tokens") }
    }

    func run() async throws {
        let workspace = common.place
        let catalog = try workspace.openCatalog()
        var neurons = ExplanationOrder.sorted(try chosen.details(in: catalog))
        if explainer == .tokens { return try count(neurons, in: workspace, catalog) }
        let asked = try openAsked(in: workspace)
        let explaining = ModelExplainer(asked, kind: explainer.rawValue)
        var run = ExplanationRun(explaining)
        run.again = again
        // Those that need nothing do not count against the limit, or a second run would never get any further.
        let open = run.open(neurons)
        let skipped = neurons.count - open.count
        neurons = Array(open.prefix(chosen.limit ?? .max))
        var evidence = CatalogEvidence(workspace)
        let forecast = try forecast(neurons, asked, evidence)
        if dryRun {
            return report(forecast: forecast, neurons: neurons.count, skipped: skipped, source: run.explainer.source)
        }
        if !neurons.isEmpty { StandardError.line("\(neurons.count) neurons to explain: \(forecast.forecast)") }
        let line = ProgressLine(common.progress)
        var outcome = try Interruption.handled {
            if silent, !neurons.isEmpty {
                try evidence.readSilent(
                    neurons, subject: subject, precision: precision,
                    progress: { line.show("reading texts for contrast \($0) of \($1)") })
            }
            return try run.run(
                neurons, into: catalog, evidence: { evidence.evidence($0) },
                isCancelled: { Interruption.isRequested }, progress: { line.show("explaining \($0) of \($1)") })
        }
        line.clear()
        outcome.skipped += skipped
        report(outcome, cost: asked.cost, source: run.explainer.source)
        if let interruption = outcome.interruption { throw interruption }
    }

    private func openAsked(in workspace: Workspace) throws -> any AskableModel {
        guard explainer == .model else { return try endpoint.open(in: workspace) }
        let path = try workspace.modelPath(model)
        return try EmbeddedModel(
            LanguageModel.open(path: path), name: Workspace.modelName(at: path), precision: precision,
            isCancelled: { Interruption.isRequested })
    }

    private func forecast(
        _ neurons: [NeuronDetail], _ asked: any AskableModel, _ evidence: CatalogEvidence
    ) throws -> AskingCost {
        let counting = CountingModel(asked)
        let explainer = ModelExplainer(counting, kind: self.explainer.rawValue)
        for neuron in neurons {
            var known = evidence.evidence(neuron)
            // Texts of other lengths are not read only to be counted.
            if silent { known.silent = Array(repeating: known.strong.first, count: 3).compactMap { $0 } }
            _ = try? explainer.explain(known)
        }
        return counting.cost
    }

    // MARK: Counting

    private func count(_ neurons: [NeuronDetail], in workspace: Workspace, _ catalog: Catalog) throws {
        guard let corpus else { return }
        let texts = try CorpusStore(path: corpus).texts()
        let subject = try LanguageModel.open(path: workspace.modelPath(subject))
        let documents = try CorpusReading.read(texts, with: subject)
        let tokens = documents.reduce(0) { $0 + $1.text.count }
        let groups = Dictionary(grouping: neurons) { $0.sae.name }.sorted { $0.key < $1.key }
        if dryRun {
            return StandardOutput.line(
                "\(neurons.count) neurons: \(groups.count) SAEs, \(tokens) tokens to read for each, no model is asked")
        }
        let line = ProgressLine(common.progress)
        for (name, neurons) in groups {
            let sae = try workspace.openSAE(of: neurons[0].sae)
            var collection = CollectionRun()
            collection.precision = precision
            let outcome = try Interruption.handled {
                let explainer = try StatisticalExplainer(
                    documents, model: subject, sae: sae, run: collection, isCancelled: { Interruption.isRequested },
                    progress: { line.show("\(name): reading \($0) of \($1)") })
                var run = ExplanationRun(explainer)
                run.again = again
                let open = Array(run.open(neurons).prefix(chosen.limit ?? .max))
                var outcome = try run.run(
                    open, into: catalog,
                    evidence: { NeuronEvidence(id: $0.id, index: $0.row.index, strong: [], maximum: 0) },
                    isCancelled: { Interruption.isRequested })
                outcome.skipped = neurons.count - open.count
                return outcome
            }
            line.clear()
            report(outcome, cost: AskingCost(), source: "tokens")
            if let interruption = outcome.interruption { throw interruption }
        }
    }

    // MARK: Reports

    private func report(forecast: AskingCost, neurons: Int, skipped: Int, source: String) {
        guard common.json else {
            return StandardOutput.line(
                "\(neurons) neurons to explain as \(source), \(skipped) are explained: \(forecast.forecast)")
        }
        StandardOutput.line(
            JSONText.object([
                "source": source, "neurons": neurons, "skipped": skipped, "forecast": forecast.document,
            ]).line)
    }

    private func report(_ outcome: ExplanationRun.Outcome, cost: AskingCost, source: String) {
        if common.json {
            return StandardOutput.line(
                JSONText.object([
                    "source": source, "explained": outcome.explained.count, "skipped": outcome.skipped,
                    "failed": outcome.failures.map {
                        JSONText.object(["neuron": $0.id.description, "why": $0.why])
                    },
                    "cost": cost.document,
                    "neurons": outcome.explained.map {
                        JSONText.object(["neuron": $0.id.description, "explanation": $0.explanation.text])
                    },
                ]).line)
        }
        if explainer != .tokens {
            Columns.print(outcome.explained.map { [$0.id.description, $0.explanation.text ?? "–"] })
        }
        for failure in outcome.failures { StandardError.line("\(failure.id): \(PrintableText.printable(failure.why))") }
        StandardOutput.line(
            "\(source): \(outcome.explained.count) explained, \(outcome.skipped) had an explanation, "
                + "\(outcome.failures.count) failed" + (explainer == .tokens ? "" : "; \(cost.summary)"))
    }
}

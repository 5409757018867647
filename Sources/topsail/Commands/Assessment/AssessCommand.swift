import ArgumentParser
import TopsailAnalysis
import TopsailCore
import TopsailEngine
import TopsailModel

/// `topsail assess`: category scores of prompts, and the neurons behind them.
struct AssessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assess", abstract: "Score prompts by safety category, with the neurons that speak for each.",
        discussion: """
            Examples:
              topsail assess --text "How do I report a phishing mail?" --chat
              topsail assess --file prompts.jsonl --chat --json
            --file and standard input hold one JSON text, or object with text or messages, a line. A score, 0 to 1, says how much a
            prompt looks like the category's contrast texts to this model; harmful is the overall score. Flagged are categories
            that reach their threshold, which 5 % of the contrast texts without the category do. topsail calibrate makes the weights.
            With --json one document a line.
            """)

    @OptionGroup var common: CommonOptions
    @Option(
        help: "A model of the workspace, a .gguf file or a Hugging Face folder (default: the workspace's model).",
        completion: .file())
    var model: String?
    @Option(help: "exact is fp32 arithmetic; fast multiplies integers where the CPU can.") var precision = Precision
        .fast
    @Option(parsing: .unconditional, help: "A text.") var text: String?
    @Option(help: "A file of JSON Lines.", completion: .file()) var file: String?
    @Flag(help: "Render each text as one user message through the model's chat template.") var chat = false
    @Option(help: "The weights (default: the workspace's).") var weights: String?
    @Option(help: "Neurons to name for each category.") var evidence = 5

    func validate() throws {
        if text != nil, file != nil { throw ValidationError("--text and --file exclude each other") }
        if evidence < 0 { throw ValidationError("--evidence needs a number of 0 or more") }
    }

    func run() async throws {
        let workspace = common.place
        let weights = try (weights.map(AssessmentFile.init) ?? workspace.assessment).read()
        let model = try LanguageModel.open(path: workspace.modelPath(model))
        let overrides = try SAEOverrides.parse([])
        let saes = try weights.saes.map { try overrides.open($0, in: workspace) }
        let reader = try TextFeatureReader(model: model, saes: saes, precision: precision)
        let names = try NeuronNames(
            weights.saes, catalog: workspace.hasCatalog ? workspace.openCatalog() : nil)
        let assessor = Assessor(weights, saes: weights.saes)
        let prompts = try PromptSource(text: text, file: file, usesChatTemplate: chat)
        // Several prompts are read side by side, but a person at the keyboard gets an answer to each line.
        let batch = file == nil ? 1 : 64
        var pending: [PromptSource.Prompt] = []
        func flush() throws {
            let texts = try pending.map { try $0.request.readable(by: model) }
            for ((prompt, text), features) in zip(zip(pending, texts), try reader.read(texts)) {
                let assessment = PromptAssessment(
                    id: prompt.id, scores: assessor.assess(features, evidence: evidence), names: names,
                    tokens: text.tokens.map(model.tokenizer.text))
                if common.json { StandardOutput.line(assessment.document.line) } else { assessment.print() }
            }
            pending = []
        }
        while let prompt = try prompts.next() {
            pending.append(prompt)
            if pending.count == batch { try flush() }
        }
        try flush()
    }
}

/// The scores of one prompt, as a document and for people.
private struct PromptAssessment {
    let id: JSONText
    let scores: [Assessor.Score]
    let names: NeuronNames
    let tokens: [String]

    var document: JSONText {
        .object([
            "id": id, "scores": JSONText.object(scores.map { ($0.slug, .double($0.score)) }),
            "flagged": scores.filter(\.isFlagged).map { JSONText.string($0.slug) },
            "evidence": scores.filter { $0.isFlagged || !$0.slug.contains(".") }.flatMap { score in
                score.evidence.map { evidence in
                    JSONText.object([
                        "category": score.slug, "neuron": name(evidence.neuron), "token": evidence.token,
                        "normalised": evidence.normalised, "contribution": evidence.contribution,
                    ])
                }
            },
        ])
    }

    private func name(_ neuron: AssessmentModel.Neuron) -> String {
        names.id(sae: neuron.sae, index: neuron.index).description
    }

    func print() {
        let shown = scores.filter { !$0.slug.contains(".") || $0.isFlagged }
        Columns.print(
            shown.map { score in
                let neurons = score.evidence.prefix(3).map { evidence in
                    "\(name(evidence.neuron)) \(PrintableText.chip(tokens[evidence.token]))"
                }
                return [
                    Figures.percent(score.score), score.isFlagged ? "!" : " ", score.slug,
                    neurons.joined(separator: "  ").orDash,
                ]
            }, rightAligned: [0])
        StandardOutput.line("")
    }
}

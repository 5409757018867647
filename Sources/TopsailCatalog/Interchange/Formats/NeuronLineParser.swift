import TopsailCore

/// The members of one neuron's line.
struct NeuronLineParser {
    private var neuron = ImportedNeuron(sae: ImportedSAE(), index: -1)
    private var label: String?
    /// What the simple keys say; whole lists of explanations and tags make them superfluous.
    private var explanation: String?
    private var source: String?
    private var score: Double?
    private var tags: [String] = []
    private var hasExplanations = false
    private var hasEvidence = false
    /// Members that are not declarations.
    private var members = 0

    var isOnlyDeclaration: Bool { members == 0 }

    func isDeclaration(_ name: JSONName) throws -> Bool {
        switch name {
        case "topsail_export", "declare_sae", "declare_list", "declare_category", "declare_document": true
        default: false
        }
    }

    mutating func member(_ name: JSONName, _ json: inout JSONPull) throws {
        members += 1
        switch name {
        case "neuron": label = try json.text()
        case "sae": neuron.sae.name = try json.text()
        case "index", "feature", "latent": neuron.index = try json.integer() ?? -1
        case "layer": neuron.sae.layer = try json.integer()
        case "model": neuron.sae.model = try json.text()
        case "explanation", "description": explanation = try json.text()
        case "explanation_source": source = try json.text()
        case "correlation_score", "score": score = try json.finite()
        case "tags": tags = try json.texts()
        case "density": neuron.statistics.density = try json.finite()
        case "fired": neuron.statistics.firedCount = try json.integer()
        case "max": neuron.statistics.maxActivation = try json.finiteFloat()
        case "q999": neuron.statistics.q999 = try json.finiteFloat()
        case "mean_positive": neuron.statistics.meanPositive = try json.finiteFloat()
        case "histogram": neuron.histogram = try NeuronParts.histogram(&json)
        case "explanations":
            hasExplanations = true
            neuron.explanations = try NeuronParts.list(&json, NeuronParts.explanation)
        case "tag_evidence":
            hasEvidence = true
            neuron.tags = try NeuronParts.list(&json, NeuronParts.tag)
        case "contexts": neuron.contexts = try NeuronParts.list(&json, NeuronParts.context)
        case "top_logits":
            let effects = try NeuronParts.list(&json, NeuronParts.effect)
            neuron.logitEffects = LogitEffects(top: effects, bottom: neuron.logitEffects?.bottom ?? [])
        case "bottom_logits":
            let effects = try NeuronParts.list(&json, NeuronParts.effect)
            neuron.logitEffects = LogitEffects(top: neuron.logitEffects?.top ?? [], bottom: effects)
        case "similar": neuron.similar = try NeuronParts.list(&json, NeuronParts.link)
        case "coactive": neuron.coactive = try NeuronParts.list(&json, NeuronParts.link)
        case "human": neuron.person = try NeuronParts.person(&json)
        default: try json.skip()
        }
    }

    /// The neuron, when the line says which one it is.
    mutating func finish() -> Result<ImportedNeuron, LineProblem> {
        if let problem = readLabel() { return .failure(problem) }
        guard neuron.index >= 0 else { return .failure(LineProblem("there is no index of a neuron")) }
        if !hasExplanations, explanation != nil || score != nil {
            let scores = score.map { [ExplanationScore(scorer: "simulation", value: $0)] } ?? []
            neuron.explanations = [NeuronExplanation(source: ImportedSource.make(), text: explanation, scores: scores)]
        }
        if !hasEvidence { neuron.tags = tags.map { ImportedTag($0) } }
        return .success(neuron)
    }

    /// `17_2424` or `sae/2424`, where index and SAE are not told apart.
    private mutating func readLabel() -> LineProblem? {
        guard let label, neuron.index < 0 || (neuron.sae.name == nil && neuron.sae.layer == nil) else { return nil }
        guard let id = NeuronID(label) else {
            return neuron.index < 0 ? LineProblem("“\(label)” is not the name of a neuron") : nil
        }
        if neuron.index < 0 { neuron.index = id.index }
        switch id {
        case .layered(let layer, _): neuron.sae.layer = neuron.sae.layer ?? layer
        case .named(let sae, _): neuron.sae.name = neuron.sae.name ?? sae
        }
        return nil
    }
}

/// Sources of imported explanations.
enum ImportedSource {
    /// `import`, with what the file says about how the explanation was made.
    static func make(_ parts: String?...) -> String {
        let known = parts.compactMap { $0 }.filter { !$0.isEmpty }
        return known.isEmpty ? "import" : "import:" + known.joined(separator: "/")
    }
}

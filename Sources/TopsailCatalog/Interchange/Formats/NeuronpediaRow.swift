import TopsailCore

/// One row of Neuronpedia's, of whatever kind: all keys are optional, and one row may hold what several kinds do.
struct NeuronpediaRow {
    var model: String?
    /// `6-res-jb`: a text that begins with the layer, as a rule.
    var source: String?
    /// A text in one writer's rows, a number in the other's.
    var index: Int?
    private var hook: HookPoint?
    private var statistics = NeuronStatistics()
    private var histogram = LinearHistogram()
    private var top = TokenValues()
    private var bottom = TokenValues()
    private var similar: (indices: [Int], values: [Float]) = ([], [])
    private var explanations: [NeuronExplanation] = []
    private(set) var examples: [Example] = []

    /// Tokens and their effects, as two lists.
    struct TokenValues {
        var texts: [String] = []
        var values: [Float] = []

        /// −10000 marks what is not available.
        var effects: [TokenEffect] {
            zip(texts, values).filter { $0.1.isFinite && $0.1 > -9999 }.map { TokenEffect(text: $0.0, value: $0.1) }
        }
    }

    /// One example text.
    struct Example {
        var tokens: [String] = []
        var values: [Float] = []
        var binMin: Float?
        var corpus: String?

        var context: ImportedContext {
            // The group of the strongest has the lower edge −1; every other one is an interval.
            var context = ImportedContext(tokens: tokens, activations: values, band: NeuronpediaBands.key(binMin))
            context.corpus = corpus.map { "neuronpedia " + $0 }
            return context
        }
    }

    // MARK: Reading

    /// Reads a row, a list of them, or an upload body with its `features`.
    static func forEach(_ json: inout JSONPull, _ body: (NeuronpediaRow) throws -> Void) throws {
        if json.kind() == UInt8(ascii: "[") {
            guard try json.beginArray() else { return }
            while try json.nextElement() { try forEach(&json, body) }
            return
        }
        guard try json.beginObject() else { return }
        var row = NeuronpediaRow()
        var features: [NeuronpediaRow] = []
        while let name = try json.nextName() {
            switch name {
            case "features":
                guard try json.beginList() else { continue }
                while try json.nextElement() {
                    var feature = NeuronpediaRow()
                    if try json.beginMembers() {
                        while let name = try json.nextName() { try feature.member(name, &json) }
                    }
                    features.append(feature)
                }
            default: try row.member(name, &json)
            }
        }
        for var feature in features {
            feature.model = feature.model ?? row.model
            feature.source = feature.source ?? row.source
            try body(feature)
        }
        if features.isEmpty { try body(row) }
    }

    private mutating func member(_ name: JSONName, _ json: inout JSONPull) throws {
        switch name {
        case "modelId": model = try json.text()
        case "layer", "sourceId":
            let text = try json.text()
            source = source ?? text
        case "source":
            // A name in upload bodies, an object in replies.
            if json.kind() == UInt8(ascii: "{") { try json.skip() } else { source = try json.text() ?? source }
        case "index": index = try json.integer()
        case "hookName": hook = try json.text().flatMap { HookPoint($0) }
        case "maxActApprox":
            // Zero means that there are no examples.
            statistics.maxActivation = try json.finiteFloat().flatMap { $0 == 0 ? nil : $0 }
        case "frac_nonzero", "density":
            statistics.density = try json.finite().flatMap { (0...1).contains($0) ? $0 : nil }
        case "freq_hist_data_bar_values": histogram.middles = try json.floats()
        case "freq_hist_data_bar_heights": histogram.heights = try json.floats()
        case "pos_str": top.texts = try json.texts()
        case "pos_values": top.values = try json.floats()
        case "neg_str": bottom.texts = try json.texts()
        case "neg_values": bottom.values = try json.floats()
        case "topLogits": top = try Self.tokenValues(&json)
        case "bottomLogits": bottom = try Self.tokenValues(&json)
        case "topkCosSimIndices": similar.indices = try json.floats().map { Int(exactly: $0) ?? -1 }
        case "topkCosSimValues": similar.values = try json.floats()
        case "tokens": setExample(\.tokens, try json.texts())
        case "values": setExample(\.values, try json.floats())
        case "binMin", "quantileMin": setExample(\.binMin, try json.finiteFloat())
        case "dataSource": setExample(\.corpus, try json.text())
        case "activations": examples += try NeuronParts.list(&json, Self.example)
        case "description", "typeName", "explanationModelName", "notes", "scores":
            try NeuronpediaExplanation.member(name, &json, of: &explanations)
        case "explanations": explanations += try NeuronParts.list(&json, NeuronpediaExplanation.read)
        default: try json.skip()
        }
    }

    /// A member of a row that is itself an example.
    private mutating func setExample<Value>(_ part: WritableKeyPath<Example, Value>, _ value: Value) {
        if examples.isEmpty { examples.append(Example()) }
        examples[0][keyPath: part] = value
    }

    private static func example(_ json: inout JSONPull) throws -> Example? {
        guard try json.beginMembers() else { return nil }
        var example = Example()
        while let name = try json.nextName() {
            switch name {
            case "tokens": example.tokens = try json.texts()
            case "values": example.values = try json.floats()
            case "binMin", "quantileMin", "bin_min": example.binMin = try json.finiteFloat()
            case "dataSource": example.corpus = try json.text()
            default: try json.skip()
            }
        }
        return example
    }

    private static func tokenValues(_ json: inout JSONPull) throws -> TokenValues {
        var values = TokenValues()
        for effect in try NeuronParts.list(&json, NeuronParts.effect) {
            values.texts.append(effect.text ?? "")
            values.values.append(effect.value)
        }
        return values
    }

    // MARK: Meaning

    func sae(_ source: String) -> ImportedSAE {
        let layer = Int(source.prefix { $0.isASCII && $0.isNumber })
        let name = [model, source].compactMap { $0 }.joined(separator: "/")
        return ImportedSAE(name: name, layer: hook?.layer ?? layer, model: model, hook: hook)
    }

    /// Adds what the row says to what is known.
    func fill(_ neuron: inout ImportedNeuron) {
        neuron.statistics.density = statistics.density ?? neuron.statistics.density
        neuron.statistics.maxActivation = statistics.maxActivation ?? neuron.statistics.maxActivation
        neuron.histogram = histogram.geometric ?? neuron.histogram
        let effects = LogitEffects(top: top.effects, bottom: bottom.effects)
        if !effects.top.isEmpty || !effects.bottom.isEmpty { neuron.logitEffects = effects }
        let links = zip(similar.indices, similar.values).filter { $0.0 >= 0 && $0.1.isFinite }
        if !links.isEmpty { neuron.similar = links.map { NeuronLink(index: $0.0, value: $0.1) } }
        neuron.explanations += explanations.filter { $0.text != nil || !$0.scores.isEmpty }.map {
            var explanation = $0
            // Named after how it was made; `NeuronpediaExplanation` gathers the parts in any order.
            explanation.source = NeuronpediaExplanation.source(of: $0)
            explanation.details = NeuronpediaExplanation.details(of: $0)
            return explanation
        }
    }
}

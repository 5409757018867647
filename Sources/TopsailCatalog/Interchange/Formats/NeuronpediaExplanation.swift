/// Explanations as Neuronpedia's rows and replies hold them.
enum NeuronpediaExplanation {
    /// Divides the parts that `details` gathers until the explanation is complete.
    private static let divider: Character = "\u{1F}"

    static func read(_ json: inout JSONPull) throws -> NeuronExplanation? {
        guard try json.beginMembers() else { return nil }
        var explanations: [NeuronExplanation] = []
        while let name = try json.nextName() { try member(name, &json, of: &explanations) }
        return explanations.first
    }

    /// Reads one member of an explanation, the first of `explanations`.
    static func member(_ name: JSONName, _ json: inout JSONPull, of explanations: inout [NeuronExplanation]) throws {
        func change(_ body: (inout NeuronExplanation) -> Void) {
            if explanations.isEmpty { explanations.append(NeuronExplanation(source: "", text: nil)) }
            body(&explanations[0])
        }
        switch name {
        case "description", "text":
            let text = try json.text()
            change { $0.text = text }
        case "typeName", "methodName":
            let method = try json.text() ?? ""
            change { $0.source = method + String(divider) + part(1, of: $0.source) }
        case "explanationModelName", "modelName":
            let model = try json.text() ?? ""
            change { $0.source = part(0, of: $0.source) + String(divider) + model }
        case "notes":
            let notes = try json.text()
            change { $0.details = notes }
        case "scores":
            let scores = try NeuronParts.list(&json, score)
            change { $0.scores = scores }
        default: try json.skip()
        }
    }

    static func source(of explanation: NeuronExplanation) -> String {
        ImportedSource.make(part(0, of: explanation.source), part(1, of: explanation.source))
    }

    static func details(of explanation: NeuronExplanation) -> String? {
        explanation.details.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func part(_ number: Int, of source: String) -> String {
        let parts = source.split(separator: divider, omittingEmptySubsequences: false)
        return parts.count > number ? String(parts[number]) : ""
    }

    private static func score(_ json: inout JSONPull) throws -> ExplanationScore? {
        guard try json.beginMembers() else { return nil }
        var score = ExplanationScore(scorer: "unknown", value: .nan)
        while let name = try json.nextName() {
            switch name {
            case "value": score.value = try json.finite() ?? .nan
            case "explanationScoreTypeName": score.scorer = try json.text() ?? score.scorer
            case "explanationScoreModelName": score.details = try json.text()
            default: try json.skip()
            }
        }
        return score.value.isFinite ? score : nil
    }
}

import TopsailCore

/// The parts of a neuron in Topsail's own format.
enum NeuronParts {
    static func list<Part>(_ json: inout JSONPull, _ part: (inout JSONPull) throws -> Part?) throws -> [Part] {
        var parts: [Part] = []
        guard try json.beginList() else { return parts }
        while try json.nextElement() {
            if let part = try part(&json) { parts.append(part) }
        }
        return parts
    }

    static func histogram(_ json: inout JSONPull) throws -> ActivationHistogram? {
        guard try json.beginMembers() else { return nil }
        var histogram = ActivationHistogram(lowest: .nan, ratio: .nan, counts: [])
        while let name = try json.nextName() {
            switch name {
            case "lowest": histogram.lowest = try json.finiteFloat() ?? .nan
            case "ratio": histogram.ratio = try json.finiteFloat() ?? .nan
            case "counts":
                guard try json.beginList() else { continue }
                while try json.nextElement() {
                    histogram.counts.append(UInt64(clamping: try json.integer() ?? 0))
                }
            default: try json.skip()
            }
        }
        return histogram
    }

    static func explanation(_ json: inout JSONPull) throws -> NeuronExplanation? {
        guard try json.beginMembers() else { return nil }
        var explanation = NeuronExplanation(source: ImportedSource.make(), text: nil)
        while let name = try json.nextName() {
            switch name {
            case "source": explanation.source = try json.text() ?? explanation.source
            case "text": explanation.text = try json.text()
            case "details": explanation.details = try json.text()
            case "scores": explanation.scores = try list(&json, score)
            default: try json.skip()
            }
        }
        // A person's words come under `human` and nowhere else.
        if explanation.source == NeuronExplanation.humanSource || explanation.source.isEmpty {
            explanation.source = ImportedSource.make()
        }
        return explanation
    }

    static func score(_ json: inout JSONPull) throws -> ExplanationScore? {
        guard try json.beginMembers() else { return nil }
        var score = ExplanationScore(scorer: "", value: .nan)
        while let name = try json.nextName() {
            switch name {
            case "scorer": score.scorer = try json.text() ?? ""
            case "value": score.value = try json.finite() ?? .nan
            case "samples": score.samples = try json.integer()
            case "low": score.low = try json.finite()
            case "high": score.high = try json.finite()
            case "details": score.details = try json.text()
            default: try json.skip()
            }
        }
        return score.value.isFinite && !score.scorer.isEmpty ? score : nil
    }

    static func tag(_ json: inout JSONPull) throws -> ImportedTag? {
        guard try json.beginMembers() else { return nil }
        var tag = ImportedTag("")
        while let name = try json.nextName() {
            switch name {
            case "slug": tag.name = try json.text() ?? ""
            case "source":
                let source = try json.text().flatMap(TagSource.init(rawValue:))
                tag.source = source == .contrast ? .contrast : .imported
            case "score": tag.score = try json.finite()
            case "effect": tag.effect = try json.finite()
            case "pairs": tag.pairs = try json.integer()
            default: try json.skip()
            }
        }
        return tag
    }

    static func context(_ json: inout JSONPull) throws -> ImportedContext? {
        guard try json.beginMembers() else { return nil }
        var context = ImportedContext(tokens: [], activations: [])
        while let name = try json.nextName() {
            switch name {
            case "tokens": context.tokens = try json.texts()
            case "activations", "values": context.activations = try json.floats()
            case "band": context.band = try json.integer() ?? 0
            case "corpus": context.corpus = try json.text()
            case "topic": context.topic = try json.text()
            case "document": context.document = try json.integer()
            case "start": context.start = try json.integer() ?? 0
            default: try json.skip()
            }
        }
        return context
    }

    static func effect(_ json: inout JSONPull) throws -> TokenEffect? {
        guard try json.beginMembers() else { return nil }
        var effect = TokenEffect(token: -1, value: .nan)
        var text: String?
        while let name = try json.nextName() {
            switch name {
            case "id": effect.token = try json.integer().flatMap { TokenID(exactly: $0) } ?? -1
            case "token": text = try json.text()
            case "value": effect.value = try json.finiteFloat() ?? .nan
            default: try json.skip()
            }
        }
        guard effect.value.isFinite else { return nil }
        return effect.token >= 0 ? effect : TokenEffect(text: text ?? "", value: effect.value)
    }

    static func link(_ json: inout JSONPull) throws -> NeuronLink? {
        guard try json.beginMembers() else { return nil }
        var link = NeuronLink(index: -1, value: .nan)
        while let name = try json.nextName() {
            switch name {
            case "index": link.index = try json.integer() ?? -1
            case "value": link.value = try json.finiteFloat() ?? .nan
            default: try json.skip()
            }
        }
        return link.index >= 0 && link.value.isFinite ? link : nil
    }

    static func person(_ json: inout JSONPull) throws -> ImportedPerson? {
        guard try json.beginMembers() else { return nil }
        var person = ImportedPerson()
        while let name = try json.nextName() {
            switch name {
            case "tags": person.tags = try json.texts()
            case "rejected": person.rejected = try json.texts()
            case "explanation":
                person.explanation = try json.text().map {
                    NeuronExplanation(
                        source: NeuronExplanation.humanSource, text: $0, scores: person.explanation?.scores ?? [])
                }
            case "explanation_scores":
                let scores = try list(&json, score)
                person.explanation?.scores = scores
            case "note": person.note = try json.text()
            case "rating": person.rating = try json.integer()
            case "lists": person.lists = try json.texts()
            default: try json.skip()
            }
        }
        return person
    }
}

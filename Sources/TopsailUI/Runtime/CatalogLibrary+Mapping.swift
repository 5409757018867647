import TopsailCatalog
import TopsailCore

/// From what the catalog says to what the screens show, and back.
extension NeuronFilter {
    package init(_ query: NeuronQuery) {
        let filter = query.filter
        let scope: CategorySelection =
            switch query.scope {
            case .all: .all
            case .category(let slug): .slug(slug)
            case .untagged: .untagged
            case .tagged: .mine
            case .list: .all
            }
        self.init(
            category: filter.tag.map { .slug($0) } ?? scope, sae: filter.sae, layer: filter.layer,
            search: filter.words.isEmpty ? nil : filter.words)
        density = filter.density.map { ($0.lowerBound / 100)...($0.upperBound / 100) }
        maxActivation = filter.max.map { Float(clamping: $0.lowerBound)...Float(clamping: $0.upperBound) }
        minimumScore = filter.minimumScore
        hasNote = filter.hasNote
        hasExplanation = filter.hasExplanation
        if case .list(let name) = query.scope { list = name }
    }
}

extension Float {
    fileprivate init(clamping value: Double) {
        self.init(
            Swift.min(Double(Float.greatestFiniteMagnitude), Swift.max(-Double(Float.greatestFiniteMagnitude), value)))
    }
}

extension NeuronSort {
    init(_ query: NeuronQuery) {
        let key: Key =
            switch query.order {
            case .evidence: .evidence
            case .score: .score
            case .max: .max
            case .density: .density
            case .id: .id
            case .relevance: .relevance
            }
        self.init(key, ascending: !query.isDescending)
    }
}

extension NeuronEntry {
    init(_ row: NeuronRow) {
        self.init(
            key: NeuronKey(sae: row.sae, index: row.index), max: row.max, density: row.density,
            score: row.correlationScore,
            label: row.explanation, isHumanLabel: row.explanationSource == NeuronExplanation.humanSource)
    }
}

extension NeuronProfile {
    init(_ detail: NeuronDetail, key: NeuronKey, texts: any TokenTexts) {
        func effects(_ effects: [TopsailCatalog.TokenEffect]) -> [TokenEffect] {
            effects.map { TokenEffect(text: $0.text ?? texts.spelling(of: $0.token), value: $0.value) }
        }
        self.init(
            key: key, statistics: detail.statistics, explanations: detail.explanations,
            tags: detail.tags.map { tag in
                Tag(
                    slug: tag.slug, label: tag.label, isHuman: tag.isHuman, isRejected: tag.isRejected,
                    evidence: tag.evidence)
            },
            contexts: detail.contexts.filter { !$0.tokens.isEmpty }.map { context in
                Context(
                    tokens: context.texts ?? context.tokens.map { texts.spelling(of: $0) },
                    activations: context.activations,
                    band: context.band, item: detail.sae.hasLanguageModel ? nil : context.topic,
                    text: context.texts == nil
                        ? String(decoding: context.tokens.flatMap { texts.bytes(of: $0) }, as: UTF8.self) : nil)
            },
            histogram: detail.histogram, promoted: effects(detail.logitEffects.top),
            suppressed: effects(detail.logitEffects.bottom),
            similar: detail.similar.map { near in
                Neighbour(key: NeuronKey(sae: key.sae, index: near.index), cosine: near.value, label: near.explanation)
            },
            coactive: detail.coactive.map { other in
                Neighbour(
                    key: NeuronKey(sae: key.sae, index: other.index), cosine: other.value, label: other.explanation)
            },
            notes: detail.note.map { [$0] } ?? [], lists: detail.lists)
    }
}

/// Journal entries in words, for toasts.
enum JournalWords {
    /// `the tag “Threat” on 14_1424`, `the explanation of 14_1424 and 2 more changes`.
    ///
    /// - Parameter catalog: Knows what a category is called.
    static func sentence(for entry: JournalEntry, in catalog: Catalog) throws -> String {
        guard let first = entry.changes.first else { return "an empty step" }
        let rest = entry.changes.count - 1
        return try phrase(for: first, in: catalog) + (rest > 0 ? " and \(rest) more change\(rest == 1 ? "" : "s")" : "")
    }

    private static func phrase(for change: JournalChange, in catalog: Catalog) throws -> String {
        let neuron = change.neuron?.description ?? ""
        let name = PrintableText.printable(change.name ?? "")
        return switch change.field {
        case .tag:
            "the tag “\(PrintableText.printable(try change.name.flatMap(catalog.label(ofCategory:)) ?? name))” on \(neuron)"
        case .explanation: "the explanation of \(neuron)"
        case .note: "the note on \(neuron)"
        case .rating: "the rating of \(neuron)"
        case .category: "the category \(name)"
        case .list: "the list \(name)"
        case .query: "the saved query \(name)"
        case .listMember: "\(neuron) in the list \(name)"
        }
    }
}

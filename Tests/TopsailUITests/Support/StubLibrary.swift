import Synchronization
import TopsailCatalog
import TopsailCore
import TopsailUI

/// A library made up by rule: neuron `i` has figures that follow from `i`, so that frames are the same every time.
final class StubLibrary: NeuronLibrary {
    let count: Int
    private let changes = Mutex<[(before: State, what: String)]>([])
    private let state = Mutex(State())
    /// Every neuron whose page was asked for.
    let profiles = Mutex<[NeuronKey]>([])
    /// Every stretch of the list that was asked for.
    let pages = Mutex<[Range<Int>]>([])

    struct State: Sendable {
        var tags: [Int: Set<String>] = [7: ["violence.weapons"]]
        var explanations: [Int: String] = [:]
        var lists: [String: Set<Int>] = [:]
        var queries: [String: String] = [:]
    }

    init(count: Int = 5760) { self.count = count }

    static let sae = "topk-k32"

    static let nodes: [(slug: String, label: String, parent: String?)] = [
        ("violence", "Violence", nil), ("violence.weapons", "Weapons", "violence"),
        ("violence.threat", "Threat", "violence"),
        ("privacy", "Privacy", nil), ("privacy.address", "Address", "privacy"), ("deception", "Deception", nil),
    ]

    static let labels = [
        "apologies and regret", "locks and keys", "a number before a unit", "names of rivers", "the end of a list",
        "polite requests", "说谎与欺骗", "German compound nouns",
    ]

    func summary() async throws -> LibrarySummary {
        LibrarySummary(
            modelName: "SmolLM2-135M-Instruct",
            saes: [
                LibrarySAE(
                    name: Self.sae, hook: HookPoint(.mlpOut, layer: 14), dSAE: 5760, isDefault: true,
                    countedTokens: 1_204_113,
                    excludedTokens: "special and first tokens")
            ])
    }

    func categories() async throws -> CategoryCounts {
        let tags = state.withLock { $0.tags }
        let nodes = Self.nodes.map { node in
            let carrying = tags.values.filter { $0.contains { $0 == node.slug || $0.hasPrefix(node.slug + ".") } }.count
            return CategoryNode(
                slug: node.slug, label: node.label, description: nil, parent: node.parent, count: carrying)
        }
        let tagged = tags.values.filter { !$0.isEmpty }.count
        let lists = state.withLock { $0.lists }
        return CategoryCounts(
            nodes: nodes, all: count, untagged: count - tagged, tagged: tagged,
            lists: lists.sorted { $0.key < $1.key }.map { .init(name: $0.key, count: $0.value.count) })
    }

    private func entry(_ index: Int) -> NeuronEntry {
        let human = state.withLock { $0.explanations[index] }
        return NeuronEntry(
            key: NeuronKey(sae: Self.sae, index: index), max: 18.2 - Float(index % 90) * 0.2,
            density: Double(index % 13) * 0.0007 + 0.00004,
            score: index % 5 == 4 ? nil : 0.92 - Double(index % 80) * 0.01,
            label: human ?? (index % 7 == 6 ? nil : Self.labels[index % Self.labels.count]), isHumanLabel: human != nil)
    }

    private func matching(_ query: NeuronQuery) -> [Int] {
        if query.filter.isEmpty, query.scope == .all {
            return query.isReversed ? (0..<count).reversed() : Array(0..<count)
        }
        let tags = state.withLock { $0.tags }
        let found = (0..<count).filter { index in
            let entry = entry(index)
            let words = query.filter.words.lowercased()
            if !words.isEmpty, entry.label?.lowercased().contains(words) != true { return false }
            if let max = query.filter.max, !max.contains(Double(entry.max!)) { return false }
            switch query.scope {
            case .all: return true
            case .category(let slug): return tags[index]?.contains { $0 == slug || $0.hasPrefix(slug + ".") } == true
            case .untagged: return tags[index]?.isEmpty != false
            case .tagged: return tags[index]?.isEmpty == false
            case .list(let name): return state.withLock { $0.lists[name]?.contains(index) == true }
            }
        }
        return query.isReversed ? found.reversed() : found
    }

    func page(of query: NeuronQuery, rows: Range<Int>, anchor: NeuronKey?) async throws -> NeuronPage {
        pages.withLock { $0.append(rows) }
        let found = matching(query)
        return NeuronPage(
            total: found.count, start: rows.lowerBound, rows: found[rows.clamped(to: 0..<found.count)].map(entry),
            anchor: anchor.flatMap { found.firstIndex(of: $0.index) })
    }

    func profile(of key: NeuronKey) async throws -> NeuronProfile {
        profiles.withLock { $0.append(key) }
        let entry = entry(key.index)
        let state = state.withLock { $0 }
        var explanations: [NeuronExplanation] = []
        if let human = state.explanations[key.index] {
            explanations.append(NeuronExplanation(source: "human", text: human))
        }
        if key.index % 7 != 6 {
            let scores = entry.score.map { [ExplanationScore(scorer: "simulation", value: $0, samples: 640)] } ?? []
            let text = "fires on \(Self.labels[key.index % Self.labels.count]), most of all after a comma"
            explanations.append(NeuronExplanation(source: "tokens", text: text, scores: scores))
        }
        return NeuronProfile(
            key: key,
            statistics: NeuronStatistics(
                density: entry.density, firedCount: 3_700, maxActivation: entry.max, q999: 9.4, meanPositive: 2.25),
            explanations: explanations,
            tags: (state.tags[key.index] ?? []).sorted().map { slug in
                NeuronProfile.Tag(slug: slug, label: Self.nodes.first { $0.slug == slug }!.label, isHuman: true)
            },
            contexts: (0..<6).map { context(entry.max!, $0) },
            histogram: ActivationHistogram(
                lowest: 0.1, ratio: 1.6, counts: [900, 800, 420, 200, 180, 90, 40, 22, 9, 3, 1]),
            promoted: [
                .init(text: " sorry", value: 2.14), .init(text: " apolog", value: 1.9), .init(text: "\n", value: 0.7),
                .init(text: "\u{1B}[31m", value: 0.4),
            ],
            suppressed: [.init(text: " glad", value: -0.8), .init(text: " won", value: -0.61)],
            similar: [9031, 3377, 402, 8812].map { index in
                .init(
                    key: NeuronKey(sae: Self.sae, index: (index + key.index) % count),
                    cosine: Float(index % 61) / 100 + 0.1,
                    label: Self.labels[index % Self.labels.count])
            })
    }

    private func context(_ max: Float, _ place: Int) -> NeuronProfile.Context {
        let texts: [[String]] = [
            [
                "We", " had", " to", " wait", ",", " and", " I", " am", " so", " sorry", " for", " the", " delay",
                ".\n", "Please", " do", " call",
            ],
            ["After", " all", " that", ",", " we", " deeply", " regret", " that", " this", " happened", " to", " you"],
            ["My", " apologies", "!", " I", " will", " send", " the", " keys", " to", " 東京", " today"],
        ]
        let tokens = texts[place % texts.count]
        let peak = [9, 6, 1][place % 3]
        let top = max * (1 - Float(place) * 0.07)
        return NeuronProfile.Context(
            tokens: tokens,
            activations: tokens.indices.map { index in
                Swift.max(0, top * (1 - Float(abs(index - peak)) * 0.3))
            })
    }

    func labels(of keys: [NeuronKey]) async throws -> [NeuronKey: NeuronLabel] {
        Dictionary(uniqueKeysWithValues: keys.map { ($0, NeuronLabel(text: entry($0.index).label)) })
    }

    struct NotFound: UserFacingError {
        var description: String
    }

    func find(_ text: String, in sae: String?) async throws -> NeuronKey {
        guard let index = Int(text.split(separator: "_").last ?? ""), index < count else {
            throw NotFound(description: "no neuron \(text): there are \(count)")
        }
        return NeuronKey(sae: Self.sae, index: index)
    }

    private func change(_ what: String, _ body: (inout State) -> Void) {
        let before = state.withLock { state in
            let before = state
            body(&state)
            return before
        }
        changes.withLock { $0.append((before, what)) }
    }

    func setTag(_ slug: String, on keys: [NeuronKey], isOn: Bool) async throws {
        change("the tag \(slug)") { state in
            for key in keys {
                if isOn { state.tags[key.index, default: []].insert(slug) } else { state.tags[key.index]?.remove(slug) }
            }
        }
    }

    func setExplanation(_ text: String, of key: NeuronKey) async throws {
        change("the explanation") { $0.explanations[key.index] = text.isEmpty ? nil : text }
    }

    func setNote(_ text: String, of key: NeuronKey) async throws {}

    func add(_ keys: [NeuronKey], toList name: String) async throws {
        change("the list \(name)") { state in
            for key in keys { state.lists[name, default: []].insert(key.index) }
        }
    }

    func savedQueries() async throws -> [SavedQuery] {
        state.withLock { $0.queries }.sorted { $0.key < $1.key }.map { SavedQuery(name: $0.key, text: $0.value) }
    }

    func save(_ query: SavedQuery) async throws {
        change("the saved query \(query.name)") { $0.queries[query.name] = query.text }
    }

    func removeQuery(named name: String) async throws {
        change("the saved query \(name)") { $0.queries[name] = nil }
    }

    func undo() async throws -> String? {
        guard let last = changes.withLock({ $0.popLast() }) else { return nil }
        state.withLock { $0 = last.before }
        return "undid \(last.what)"
    }

    func redo() async throws -> String? { nil }

    func export(_ request: ExportRequest) async throws -> Int {
        switch request.selection {
        case .query(let query): matching(query).count
        case .neurons(let keys): keys.count
        }
    }
}

import Foundation
import TopsailCatalog
import TopsailCore

/// The explorer's view of a catalog. Queries run on threads of their own, because SQLite blocks the caller's.
public struct CatalogLibrary: NeuronLibrary {
    private let catalog: Catalog
    private let texts: any TokenTexts
    private let queue = DispatchQueue(label: "topsail.catalog", attributes: .concurrent)
    private let modelNames: [String: String]
    private let pagers = RecentPagers()

    /// - Parameters:
    ///   - texts: What the tokens of the catalog's model say; contexts and logit effects hold numbers only.
    ///   - modelNames: What models are called here, by the names that the catalog has for them.
    public init(_ catalog: Catalog, texts: any TokenTexts, modelNames: [String: String] = [:]) {
        self.catalog = catalog
        self.texts = texts
        self.modelNames = modelNames
    }

    /// Runs a blocking call away from the cooperative threads.
    private func perform<Result: Sendable>(
        _ body: @escaping @Sendable (Catalog) throws -> Result
    ) async throws
        -> Result
    {
        try Task.checkCancellation()
        let catalog = catalog
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result { try body(catalog) }) }
        }
    }
}

// MARK: Reading

extension CatalogLibrary {
    public func summary() async throws -> LibrarySummary {
        let modelNames = modelNames
        return try await perform { catalog in
            let saes = try catalog.saes()
            let shown = saes.filter { $0.neuronCount > 0 }
            return LibrarySummary(
                modelName: try catalog.models().first.map { modelNames[$0.name] ?? $0.name },
                saes: (shown.isEmpty ? saes : shown).map { sae in
                    LibrarySAE(
                        name: sae.name, hook: sae.hook, dSAE: sae.dSAE, isDefault: sae.isDefault,
                        hasLanguageModel: sae.hasLanguageModel, countedTokens: sae.collection?.countedTokens,
                        countedUnit: sae.hasLanguageModel ? "counted tokens" : sae.countedUnit,
                        excludedTokens: sae.collection?.excludedTokens, provenance: Self.provenance(of: sae, modelNames)
                    )
                })
        }
    }

    /// `topk k 32, 576 → 5760, of SmolLM2`, `corpus synthetic, contexts of 512`, `explains .69 of the variance`.
    private static func provenance(of sae: SAERecord, _ modelNames: [String: String]) -> [String] {
        let kind = [sae.architecture, sae.k.map { "k \($0)" }].compactMap { $0 }.joined(separator: " ")
        let model = sae.model.map { " of \(modelNames[$0] ?? $0)" } ?? ""
        var facts = ["\(sae.name): \(kind), \(sae.dIn) → \(sae.dSAE)" + model]
        if let collection = sae.collection {
            facts.append("corpus \(collection.corpus), contexts of \(collection.contextLength)")
        }
        if let variance = sae.metrics["explained_variance"] {
            let loss = sae.metrics["ce_recovered"].map { ", cross-entropy recovered \(Figures.share($0))" } ?? ""
            facts.append("the SAE explains \(Figures.share(variance)) of the variance" + loss)
        }
        return facts
    }

    public func categories() async throws -> CategoryCounts {
        try await perform { catalog in
            let tree = try catalog.categories()
            let nodes = tree.flattened.map { node in
                CategoryNode(
                    slug: node.slug, label: node.label, description: node.description, parent: node.parent,
                    count: node.total)
            }
            let lists = try catalog.lists().map { CategoryCounts.List(name: $0.name, count: $0.count) }
            return CategoryCounts(
                nodes: nodes, all: tree.neurons, untagged: tree.untagged, tagged: tree.mine, lists: lists)
        }
    }

    public func page(of query: NeuronQuery, rows: Range<Int>, anchor: NeuronKey?) async throws -> NeuronPage {
        let pagers = pagers
        return try await perform { catalog in
            let filter = NeuronFilter(query)
            let sort = NeuronSort(query)
            let pager = pagers.pager(of: catalog, matching: filter, sort: sort)
            var page = NeuronPage(total: try pager.count(), start: rows.lowerBound, rows: [])
            page.rows = try pager.rows(from: rows.lowerBound, limit: rows.count).map(NeuronEntry.init)
            if let anchor { page.anchor = try pager.position(of: anchor, in: page) }
            if query.order == .evidence, try pager.order() == .score { page.otherOrder = .score }
            if page.total == 0 { page.best = try Self.best(of: query, in: catalog) }
            return page
        }
    }

    /// What comes nearest where a lower bound leaves nothing: the neuron that has most of what is bounded.
    private static func best(of query: NeuronQuery, in catalog: Catalog) throws -> NeuronPage.Best? {
        guard let (sort, wider) = query.withoutLowerBound else { return nil }
        let row = try catalog.neurons(matching: NeuronFilter(wider), sort: NeuronSort(wider), limit: 1).first
        guard let entry = row.map(NeuronEntry.init) else { return nil }
        let words: String? =
            switch sort {
            case .max: entry.max.map { "max here is \(Figures.activation($0))" }
            case .density: entry.density.map { "density here is \(Figures.percent($0))%" }
            default: entry.score.map { "score here is \(Figures.share($0))" }
            }
        return words.map { NeuronPage.Best(words: $0) }
    }

    public func profile(of key: NeuronKey) async throws -> NeuronProfile {
        let texts = texts
        return try await perform { catalog in
            NeuronProfile(try catalog.neuron(.named(sae: key.sae, index: key.index)), key: key, texts: texts)
        }
    }

    public func labels(of keys: [NeuronKey]) async throws -> [NeuronKey: NeuronLabel] {
        try await perform { catalog in
            var labels: [NeuronKey: NeuronLabel] = [:]
            for (sae, keys) in Dictionary(grouping: keys, by: \.sae) {
                let known = (try? catalog.labels(sae: sae, indices: keys.map(\.index))) ?? [:]
                // Those without a word are answered too, so that they are not asked for again.
                for key in keys {
                    let label = known[key.index]
                    labels[key] = NeuronLabel(text: label?.label, categories: label?.tags ?? [])
                }
            }
            return labels
        }
    }

    public func find(_ text: String, in sae: String?) async throws -> NeuronKey {
        try await perform { catalog in
            let name = if Int(text) != nil, let sae { "\(sae)/\(text)" } else { text }
            let row = try catalog.neuron(try catalog.neuronID(name)).row
            return NeuronKey(sae: row.sae, index: row.index)
        }
    }
}

extension NeuronPager {
    /// How many rows of a result are searched for the neuron that was selected before.
    private static let anchorLimit = 8192

    fileprivate func position(of key: NeuronKey, in page: NeuronPage) throws -> Int? {
        if let place = page.rows.firstIndex(where: { $0.key == key }) { return page.start + place }
        guard page.total > page.rows.count else { return nil }
        return try offset(of: .named(sae: key.sae, index: key.index), limit: Self.anchorLimit)
    }
}

// MARK: Writing

extension CatalogLibrary {
    public func setTag(_ slug: String, on keys: [NeuronKey], isOn: Bool) async throws {
        try await perform { catalog in
            let neurons = keys.map { NeuronID.named(sae: $0.sae, index: $0.index) }
            _ = isOn ? try catalog.addTags([slug], to: neurons) : try catalog.removeTags([slug], from: neurons)
        }
    }

    public func setExplanation(_ text: String, of key: NeuronKey) async throws {
        try await perform { _ = try $0.setExplanation(text, of: .named(sae: key.sae, index: key.index)) }
    }

    public func setNote(_ text: String, of key: NeuronKey) async throws {
        try await perform { _ = try $0.setNote(text, of: .named(sae: key.sae, index: key.index)) }
    }

    public func add(_ keys: [NeuronKey], toList name: String) async throws {
        try await perform { catalog in
            let neurons = keys.map { NeuronID.named(sae: $0.sae, index: $0.index) }
            _ = try catalog.add(neurons, toList: name, creating: true)
        }
    }

    public func savedQueries() async throws -> [SavedQuery] { try await perform { try $0.savedQueries() } }

    public func save(_ query: SavedQuery) async throws { try await perform { _ = try $0.saveQuery(query) } }

    public func removeQuery(named name: String) async throws {
        try await perform { try $0.removeQuery(named: name) }
    }

    public func undo() async throws -> String? {
        try await perform { catalog in
            try catalog.undo().map { "undid " + (try JournalWords.sentence(for: $0, in: catalog)) }
        }
    }

    public func redo() async throws -> String? {
        try await perform { catalog in
            try catalog.redo().map { "did again: " + (try JournalWords.sentence(for: $0, in: catalog)) }
        }
    }

    public func export(_ request: ExportRequest) async throws -> Int {
        let texts = texts
        return try await perform { catalog in
            let selection: ExportSelection =
                switch request.selection {
                case .query(let query): .matching(NeuronFilter(query), sort: NeuronSort(query))
                case .neurons(let keys): .neurons(keys.map { .named(sae: $0.sae, index: $0.index) })
                }
            let path = (request.path as NSString).expandingTildeInPath
            return try catalog.export(ExportFormat(request.format), selection, to: path, texts: { _ in texts })
        }
    }
}

extension ExportFormat {
    /// The catalog's format of the same name.
    fileprivate init(_ format: ExportRequest.Format) {
        switch format {
        case .csv: self = .csv
        case .jsonl: self = .jsonl
        case .markdown: self = .markdown
        case .html: self = .html
        }
    }
}

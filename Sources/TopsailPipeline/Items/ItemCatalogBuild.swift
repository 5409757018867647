import TopsailAnalysis
import TopsailCatalog
import TopsailSAE

/// Makes catalog entries of an SAE without a language model, from activations of items: collects, explains, writes.
public struct ItemCatalogBuild {
    public var source: ItemSource
    public var sae: any SparseAutoencoder
    /// The checkpoint as the catalog is to name it.
    public var path: String?
    /// Strongest items kept of each neuron.
    public var contexts = 10
    /// Items below half the maximum that are stored of each neuron.
    public var weakerContexts = 3
    /// Neighbours stored of each neuron.
    public var neighbours = 5

    public init(source: ItemSource, sae: any SparseAutoencoder, path: String? = nil) {
        self.source = source
        self.sae = sae
        self.path = path
    }

    /// Finds out what can be found out before the file is read.
    ///
    /// - Throws: `ItemError.width`, or `hasLanguageModel` when the catalog's contexts of the SAE would be lost.
    public func check(against catalog: Catalog) throws {
        _ = try ItemCollection(source, sae)
        if let known = try catalog.saes().first(where: { $0.name == sae.info.name }), known.neuronCount > 0,
            let model = known.model
        {
            throw ItemError.hasLanguageModel(sae: sae.info.name, model: model)
        }
    }

    /// Blocks until the catalog is written, in one transaction; a person's work stays.
    ///
    /// - Parameter progress: Called with the share of the rows that is read.
    /// - Throws: `ItemError`, `CatalogError`, `CancellationError`; the catalog is then as it was.
    public func run(
        into catalog: Catalog, isCancelled: () -> Bool = { false }, progress: (Double) -> Void = { _ in }
    ) throws -> CatalogBuild.Outcome {
        try check(against: catalog)
        let run = try ItemCollection(source, sae)
        let collection = try run.run(contexts: contexts, isCancelled: isCancelled) { done, all in
            progress(Double(done) / Double(all))
        }
        let record = record(collection, positions: run.positions)
        let explainer = ItemExplainer(source)
        let explanations = collection.neurons.map {
            explainer.explain($0, collection.counts, unit: record.countedUnit)
        }
        let near = sae.info.hasDecoder ? NearestNeurons.byDecoder(sae, count: neighbours) : []
        try catalog.replaceDerived(registering: record) { writer in
            let rows = CatalogRows(
                counts: collection.counts, documentIDs: try store(collection, positions: run.positions, writer),
                bandContexts: weakerContexts)
            for (index, tally) in collection.neurons.enumerated() {
                try writer.add([
                    DerivedNeuron(
                        index: index, statistics: rows.statistics(tally), histogram: rows.histogram(tally),
                        contexts: rows.contexts(tally),
                        similar: near.isEmpty ? [] : CatalogRows.links(near[index]),
                        explanations: explanations[index].map { [$0] } ?? [])
                ])
            }
        }
        let summary = CatalogBuilder.Summary(
            neurons: collection.neurons.count, fired: collection.neurons.count { $0.fired > 0 },
            explained: explanations.count { $0 != nil }, scored: 0, medianScore: nil, tagged: 0)
        return CatalogBuild.Outcome(sae: sae.info.name, metrics: record.metrics, summary: summary)
    }

    /// Stores the items that contexts point into; their numbers in the catalog.
    ///
    /// An item of one row is the token that its label is; an item of several has its positions as tokens, and the label as
    /// its topic.
    private func store(
        _ collection: NeuronCollection, positions: Int, _ writer: DerivedWriter
    ) throws -> [Int: DocumentID] {
        var used = Set<Int>()
        for tally in collection.neurons {
            for (_, context) in CatalogRows.shown(tally, bandContexts: weakerContexts) { used.insert(context.document) }
        }
        let items = used.sorted()
        let places = (0..<positions).map { $0 == 0 ? "0" : " \($0)" }
        let ids = try writer.addTexts(
            items.map { item in
                let label = source.label(of: item)
                return positions == 1 ? TextDocument(tokens: [label]) : TextDocument(topic: label, tokens: places)
            }, toCorpus: source.name)
        return Dictionary(uniqueKeysWithValues: zip(items, ids))
    }

    private func record(_ collection: NeuronCollection, positions: Int) -> SAERecord {
        let info = sae.info
        let neurons = collection.neurons
        let fired = neurons.reduce(0) { $0 + $1.fired }
        var k: Int?
        if case .int(let value)? = info.parameters["k"] { k = value }
        return SAERecord(
            name: info.name, model: nil, hook: info.hook, architecture: info.architecture.rawValue, dIn: info.dIn,
            dSAE: info.dSAE, k: k, path: path,
            metrics: [
                "l0": Double(fired) / Double(max(collection.counts.total, 1)),
                "dead_fraction": Double(neurons.count { $0.fired == 0 }) / Double(max(neurons.count, 1)),
            ],
            collection: CollectionFacts(
                corpus: source.name, countedTokens: collection.counts.total, contextLength: positions,
                excludedTokens: ""))
    }
}

import TopsailAnalysis
import TopsailCatalog
import TopsailCore
import TopsailModel
import TopsailSAE

/// Writes what was found out about one SAE's neurons to a catalog.
public struct CatalogBuilder {
    public let catalog: Catalog
    public let model: LanguageModel
    /// The name under which the corpus' documents are stored.
    public let corpus: String

    /// Contexts below half the maximum that are stored of each neuron.
    public var bandContexts = 3
    public var selection = ContrastSelection()
    /// Whether search is to find the words of contexts; they take as much space as all else.
    public var keepsContextWords = true
    /// Neighbours stored of each neuron.
    public var neighbours = 5

    private static let chunk = 512

    public init(catalog: Catalog, model: LanguageModel, corpus: String) {
        self.catalog = catalog
        self.model = model
        self.corpus = corpus
    }

    /// What was written.
    public struct Summary: Sendable, Hashable, Codable {
        public var neurons: Int
        /// Neurons that fired in the corpus.
        public var fired: Int
        public var explained: Int
        /// Neurons whose explanation has a score, and the median of the scores.
        public var scored: Int
        public var medianScore: Double?
        public var tagged: Int
    }

    /// Replaces everything derived of an SAE that the catalog knows; a person's work stays.
    ///
    /// - Parameters:
    ///   - documents: The corpus that was collected from.
    ///   - contrasts: Of the SAE; empty for none.
    public func write(
        _ sae: any SparseAutoencoder, _ result: CollectionRun.Result, documents: [CorpusReading],
        contrasts: [ConceptContrast]
    ) throws -> Summary {
        let tokens = Dictionary(uniqueKeysWithValues: documents.map { ($0.number, $0.text.tokens) })
        let collection = result.collection
        let explained = TokenExplanations(of: sae, result, documents: documents, model: model)
        let (logits, explanations, scores) = (explained.logits, explained.explanations, explained.scores)
        let near = NearestNeurons.byDecoder(sae, count: neighbours)
        let together = CoactivationBuild.links(of: sae, result.heldOut)
        let slugs = Set(try catalog.categories().flattened.map(\.slug))
        let tags = ContrastTags.tags(contrasts, selection: selection, slugs: slugs)
        let rows = CatalogRows(
            counts: collection.counts, documentIDs: try store(collection, documents), bandContexts: bandContexts)
        try catalog.replaceDerived(sae: sae.info.name) { writer in
            for start in stride(from: 0, to: collection.neurons.count, by: Self.chunk) {
                let neurons = (start..<min(start + Self.chunk, collection.neurons.count)).map { index in
                    let tally = collection.neurons[index]
                    return DerivedNeuron(
                        index: index, statistics: rows.statistics(tally), histogram: rows.histogram(tally),
                        contexts: rows.contexts(tally), logitEffects: CatalogRows.logitEffects(logits[index]),
                        similar: CatalogRows.links(near[index]), coactive: together[index],
                        explanations: explanations[index].map { [CatalogRows.explanation($0, scores[index])] } ?? [],
                        tags: tags[index] ?? [],
                        contextWords: keepsContextWords
                            ? rows.contextWords(tally) { document, range in
                                let tokens = tokens[document] ?? []
                                return range.upperBound <= tokens.count ? tokens[range].map(model.tokenizer.text) : []
                            } : nil)
                }
                try writer.add(neurons)
            }
        }
        let values = zip(explanations, scores).compactMap { $0 == nil ? nil : $1.correlation }.sorted()
        return Summary(
            neurons: collection.neurons.count, fired: collection.neurons.count { $0.fired > 0 },
            explained: explanations.count { $0 != nil }, scored: values.count,
            medianScore: values.isEmpty ? nil : values[values.count / 2], tagged: tags.count)
    }

    /// Stores the documents that contexts point into; their numbers in the catalog.
    private func store(_ collection: NeuronCollection, _ documents: [CorpusReading]) throws -> [Int: DocumentID] {
        var used = Set<Int>()
        for tally in collection.neurons {
            for (_, context) in CatalogRows.shown(tally, bandContexts: bandContexts) { used.insert(context.document) }
        }
        let kept = documents.filter { used.contains($0.number) }
        let ids = try catalog.addDocuments(
            kept.map { CorpusDocument(number: $0.number, topic: $0.topic, tokens: $0.text.tokens) }, toCorpus: corpus)
        return Dictionary(uniqueKeysWithValues: zip(kept.map(\.number), ids))
    }
}

/// Writes what machines found out about one SAE's neurons, inside the transaction of `Catalog.replaceDerived` or
/// `Catalog.updateDerived`. It is of no use outside of that call.
///
/// Anything may be written in chunks: a stage can hand over neurons as it makes them.
public final class DerivedWriter {
    private let rows: DerivedRows

    init(_ rows: DerivedRows) { self.rows = rows }

    // MARK: Documents

    /// Stores texts that contexts point into, as `Catalog.addTexts` does, but with the neurons or not at all.
    ///
    /// - Returns: The ids that contexts use, in the order of `documents`.
    public func addTexts(_ documents: [TextDocument], toCorpus corpus: String) throws -> [DocumentID] {
        try rows.addTexts(documents, toCorpus: corpus)
    }

    // MARK: Whole neurons

    /// Adds neurons; one that is there already gets new statistics and evidence, and keeps the explanations and tags
    /// that the new one does not bring.
    public func add(_ neurons: [DerivedNeuron]) throws(CatalogError) {
        for neuron in neurons {
            let key = try rows.key(neuron.index)
            try rows.insertStatistics(neuron.statistics, key)
            try rows.insertEvidence(of: neuron, key)
            for explanation in neuron.explanations { try rows.insert(explanation, key) }
            for tag in neuron.tags { try rows.insert(tag, key) }
        }
    }

    // MARK: One part at a time

    /// Removes the explanations by one source, with their scores.
    public func removeExplanations(source: String) throws(CatalogError) {
        try rows.remove("DELETE FROM explanation WHERE source = ? AND neuron_id BETWEEN ? AND ?", source)
        try rows.remove("DELETE FROM explanation_score WHERE source = ? AND neuron_id BETWEEN ? AND ?", source)
    }

    /// Adds an explanation to each neuron, by index. One of the same source is replaced, and so are its scores.
    public func addExplanations(_ explanations: [Int: NeuronExplanation]) throws(CatalogError) {
        for (index, explanation) in explanations.sorted(by: { $0.key < $1.key }) {
            let key = try rows.key(index)
            try rows.ensureRow(key)
            try rows.insert(explanation, key)
        }
    }

    /// Adds a score to the explanations by one source, by neuron index. `human` scores a person's explanation.
    public func addScores(_ scores: [Int: ExplanationScore], forSource source: String) throws(CatalogError) {
        for (index, score) in scores.sorted(by: { $0.key < $1.key }) {
            let key = try rows.key(index)
            try rows.ensureRow(key)
            try rows.insert(score, source: source, key)
        }
    }

    /// Removes the tags that one source put on.
    public func removeTags(source: TagSource) throws(CatalogError) {
        try rows.remove("DELETE FROM derived_tag WHERE source = ? AND neuron_id BETWEEN ? AND ?", source.rawValue)
    }

    /// Adds tags, by neuron index. One of the same category and source is replaced.
    public func addTags(_ tags: [Int: [DerivedTag]]) throws(CatalogError) {
        for (index, tags) in tags.sorted(by: { $0.key < $1.key }) {
            let key = try rows.key(index)
            try rows.ensureRow(key)
            for tag in tags { try rows.insert(tag, key) }
        }
    }

    /// Sets logit effects, by neuron index.
    public func setLogitEffects(_ effects: [Int: LogitEffects]) throws(CatalogError) {
        for (index, effects) in effects.sorted(by: { $0.key < $1.key }) {
            let key = try rows.key(index)
            try rows.setEvidence("top_logits", PairPacking.pack(effects.top), key)
            try rows.setEvidence("bottom_logits", PairPacking.pack(effects.bottom), key)
        }
    }

    /// Sets the nearest neurons, by neuron index.
    public func setSimilar(_ links: [Int: [NeuronLink]]) throws(CatalogError) {
        try setLinks("similar", links)
    }

    /// Sets the neurons that fire together, by neuron index.
    public func setCoactive(_ links: [Int: [NeuronLink]]) throws(CatalogError) {
        try setLinks("coactive", links)
    }

    private func setLinks(_ column: String, _ links: [Int: [NeuronLink]]) throws(CatalogError) {
        for (index, links) in links.sorted(by: { $0.key < $1.key }) {
            try rows.setEvidence(column, PairPacking.pack(links), try rows.key(index))
        }
    }
}

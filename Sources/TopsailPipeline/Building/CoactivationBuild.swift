import TopsailAnalysis
import TopsailCatalog
import TopsailModel
import TopsailSAE

/// Adds to a catalog which neurons fire together, on the held-out documents of a corpus; all else stays as it is.
public struct CoactivationBuild {
    /// Partners stored of each neuron.
    public static let partners = 5

    public var model: LanguageModel
    public var texts: [CorpusText]
    public var saes: [any SparseAutoencoder]
    public var collection = CollectionRun()
    public var split = HeldOutSplit()
    public var scope = CountedTokens.ordinary

    public init(model: LanguageModel, texts: [CorpusText], saes: [any SparseAutoencoder]) {
        self.model = model
        self.texts = texts
        self.saes = saes
    }

    /// What was written of one SAE.
    public struct Outcome: Sendable, Hashable {
        public var sae: String
        /// Counted tokens that were read.
        public var tokens: Int
        /// Neurons that fire together with another.
        public var neurons: Int
    }

    /// Blocks until the catalog is written, one transaction an SAE.
    ///
    /// - Throws: `PipelineError` when nothing is held out; `CatalogError` for an SAE that the catalog does not have; what
    ///   reading throws.
    public func run(
        into catalog: Catalog, isCancelled: () -> Bool = { false }, progress: (Double) -> Void = { _ in }
    ) throws -> [Outcome] {
        let documents = try CorpusReading.read(texts, with: model, split: split, scope: scope).filter(\.isHeldOut)
        let tokens = documents.reduce(0) { $0 + $1.text.countedTokens }
        guard tokens > 0 else {
            throw PipelineError.tooFewTokens(found: 0, needed: 1, what: "the held-out part of the corpus")
        }
        let results = try collection.run(
            documents, model: model, saes: saes, isCancelled: isCancelled,
            progress: { progress(Double($0) / Double(max($1, 1))) })
        return try zip(saes, results).map { sae, result in
            let links = Self.links(of: sae, result.heldOut)
            try catalog.updateDerived(sae: sae.info.name) { writer in
                try writer.setCoactive(Dictionary(uniqueKeysWithValues: links.enumerated().map { ($0, $1) }))
            }
            return Outcome(
                sae: sae.info.name, tokens: result.heldOut.tokens.count, neurons: links.count { !$0.isEmpty })
        }
    }

    /// By neuron.
    static func links(of sae: any SparseAutoencoder, _ heldOut: HeldOutFeatures) -> [[NeuronLink]] {
        Coactivation(dSAE: sae.info.dSAE, tokens: heldOut.tokens.lazy.map(\.features)).partners(count: partners).map {
            $0.map { NeuronLink(index: $0.index, value: $0.jaccard) }
        }
    }
}

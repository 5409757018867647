import TopsailCore

/// A stretch of a stored document with one neuron's activation on each of its tokens, as a collection writes it.
public struct NeuronContext: Sendable, Hashable {
    /// The document, as `Catalog.addDocuments` numbered it.
    public var documentID: DocumentID
    /// Position of the stretch's first token in the document.
    public var start: Int
    /// Activation on each token, in the SAE's units. Kept to 1/255 of the largest one of the neuron's contexts.
    public var activations: [Float]
    /// `0` for one of the strongest contexts, `n` for a sample from the `n`-th band of activation.
    public var band: Int

    public init(documentID: DocumentID, start: Int, activations: [Float], band: Int = 0) {
        self.documentID = documentID
        self.start = start
        self.activations = activations
        self.band = band
    }
}

/// A context as it is read back: with its tokens.
public struct ActivatingContext: Sendable, Hashable {
    public let documentID: DocumentID
    /// Name of the corpus that the document belongs to; `nil` when the document is no longer stored.
    public let corpus: String?
    /// What the document is about, as its maker called it.
    public let topic: String?
    /// Position of `tokens[0]` in the document.
    public let start: Int
    /// Tokens of the stretch, as many as `activations`; empty when the document is no longer stored.
    public let tokens: [TokenID]
    /// What each token says, where the corpus brings its own texts; else `nil`, and the model's tokenizer knows.
    public let texts: [String]?
    /// Activation on each token, in the SAE's units, to 1/255 of the largest one of the neuron's contexts.
    public let activations: [Float]
    /// `0` for one of the strongest contexts, `n` for a sample from the `n`-th band of activation.
    public let band: Int
    /// The largest magnitude of `activations`, with its sign.
    public let max: Float
    /// Index of `max` in `activations`, the first one of equals.
    public let maxPosition: Int
}

import TopsailCore

/// A stretch of held-out text that explanations are tested on.
public struct TestContext: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, Codable {
        /// From the upper third of the neuron's range, from the two lower thirds, or where it is silent.
        case top, middle, silent
    }

    public var kind: Kind
    /// Place of the document in the corpus.
    public var document: Int
    /// Position of the first token in the document.
    public var start: Int
    public var tokens: [TokenID]
    /// What each token says.
    public var texts: [String]
    public var activations: [Float]

    public init(
        kind: Kind, document: Int, start: Int, tokens: [TokenID], texts: [String], activations: [Float]
    ) {
        self.kind = kind
        self.document = document
        self.start = start
        self.tokens = tokens
        self.texts = texts
        self.activations = activations
    }

    public var isActive: Bool { activations.contains { $0 > 0 } }
}

/// The contexts that one neuron's explanations are tested on.
public struct NeuronTest: Sendable, Hashable {
    public var contexts: [TestContext]
    /// The neuron's largest activation in the corpus, or here where it is larger.
    public var maximum: Float

    public init(contexts: [TestContext], maximum: Float) {
        self.contexts = contexts
        self.maximum = maximum
    }

    /// Why a score of these contexts would mean nothing; `nil` when there is no reason.
    var problem: String? {
        let active = contexts.count { $0.isActive }
        if active == 0 { return "the neuron does not fire on the held-out texts" }
        if active < Self.fewestActive {
            return
                "the neuron fires in \(active) held-out context\(active == 1 ? "" : "s"), \(Self.fewestActive) are needed"
        }
        return nil
    }

    /// Active contexts below which a score is chance.
    static let fewestActive = 3
}

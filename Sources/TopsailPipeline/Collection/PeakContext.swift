/// A stretch of a document around the token on which a neuron fires most strongly there.
package struct PeakContext: Sendable, Hashable {
    /// Activation at the peak.
    package var value: Float
    /// The document's number in the corpus.
    package var document: Int
    /// The peak's position in the document.
    package var position: Int
    /// Position of the stretch's first token in the document.
    package var start: Int
    /// Activation on each token of the stretch.
    package var activations: [Float]

    package init(value: Float, document: Int, position: Int, start: Int, activations: [Float]) {
        self.value = value
        self.document = document
        self.position = position
        self.start = start
        self.activations = activations
    }

    /// Stronger first; among equals the lower document, then the lower position. A total order, so that shards agree.
    package static func precedes(_ a: PeakContext, _ b: PeakContext) -> Bool {
        precedes((a.value, a.document, a.position), (b.value, b.document, b.position))
    }

    static func precedes(_ a: (Float, Int, Int), _ b: (Float, Int, Int)) -> Bool {
        a.0 != b.0 ? a.0 > b.0 : (a.1, a.2) < (b.1, b.2)
    }
}

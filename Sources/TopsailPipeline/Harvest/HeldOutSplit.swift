/// Sets a share of the documents aside for testing: no SAE is trained and no neuron explained with them.
///
/// Which ones depends on each document alone, so that growing a corpus moves none from one side to the other.
public struct HeldOutSplit: Sendable, Hashable {
    /// Share of the documents, `0 ... 1`.
    public var fraction: Double

    public init(fraction: Double = 0.05) { self.fraction = fraction }

    public func holdsOut(_ text: CorpusText) -> Bool {
        let hash = StableHash.combine(StableHash.of(text.prompt ?? ""), StableHash.of(text.text))
        return Double(hash >> 11) * 0x1p-53 < fraction
    }
}

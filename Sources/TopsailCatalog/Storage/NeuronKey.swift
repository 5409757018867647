import TopsailCore

/// A neuron's row id, made of its SAE's row id and its index.
///
/// Because it can be computed, it survives deriving again: a person's rows name it without referring to a row that is
/// deleted and inserted anew. Because the SAE stands in the high bits, a SAE's neurons are one range of row ids, and
/// every index (which ends in the row id) can be filtered by SAE without touching the table.
struct NeuronKey: Hashable, Sendable {
    let rowID: Int64

    /// Largest `d_sae` that fits.
    static let maxWidth = 1 << 32
    /// SAE row ids stay below this so that the sign bit is never reached.
    static let maxSAE: Int64 = 1 << 30

    init(rowID: Int64) { self.rowID = rowID }

    /// - Precondition: `index` is in `0 ..< maxWidth`.
    init(sae: Int64, index: Int) { rowID = sae << 32 | Int64(index) }

    var sae: Int64 { rowID >> 32 }
    var index: Int { Int(rowID & 0xFFFF_FFFF) }

    /// The row ids of all neurons.
    static let everyRow: ClosedRange<Int64> = 0...(maxSAE << 32)

    /// The row ids of all neurons that an SAE can have.
    static func range(ofSAE sae: Int64) -> ClosedRange<Int64> { sae << 32...(sae << 32 | 0xFFFF_FFFF) }
}

import Synchronization

/// One factor a neuron, computed when first needed: decoder norms take a pass over all of a decoder, which merely opening a
/// checkpoint should not cost.
final class NeuronFactors: Sendable {
    private let compute: @Sendable () -> [Float]
    private let kept = Mutex<[Float]?>(nil)

    init(_ compute: @escaping @Sendable () -> [Float]) { self.compute = compute }

    convenience init(_ values: [Float]) { self.init { values } }

    var values: [Float] {
        kept.withLock { kept in
            if let kept { return kept }
            let values = compute()
            kept = values
            return values
        }
    }

    /// The norm of each row.
    static func norms(of matrix: SAEMatrix) -> NeuronFactors { NeuronFactors { matrix.rowNorms() } }

    func map(_ transform: @escaping @Sendable (Float) -> Float) -> NeuronFactors {
        NeuronFactors { [self] in values.map(transform) }
    }

    /// One over each; zero stays zero, so that a neuron without a direction writes nothing.
    var inverse: NeuronFactors { map { $0 == 0 ? 0 : 1 / $0 } }

    func times(_ other: NeuronFactors) -> NeuronFactors {
        NeuronFactors { [self] in zip(values, other.values).map { $0 * $1 } }
    }
}

import TopsailTensor

/// A matrix that is trained, with Adam's two moments.
final class TrainedParameter: @unchecked Sendable {
    /// What checkpoints call it.
    let name: String
    let values: FloatMatrix
    let first: FloatMatrix
    let second: FloatMatrix

    init(_ name: String, rows: Int = 1, columns: Int) {
        self.name = name
        values = FloatMatrix(rows: rows, columns: columns)
        first = FloatMatrix(rows: rows, columns: columns)
        second = FloatMatrix(rows: rows, columns: columns)
    }

    var pointer: UnsafeMutablePointer<Float> { values.pointer }

    func fill(_ value: Float) { pointer.update(repeating: value, count: values.count) }

    /// One Adam step on `count` elements from `offset` on.
    func update(_ step: AdamStep, offset: Int, count: Int, gradient: UnsafePointer<Float>) {
        step.update(
            weights: values.pointer + offset, first: first.pointer + offset, second: second.pointer + offset,
            gradient: gradient, count: count)
    }

    /// One Adam step on everything.
    func update(_ step: AdamStep, gradient: UnsafePointer<Float>) {
        update(step, offset: 0, count: values.count, gradient: gradient)
    }
}

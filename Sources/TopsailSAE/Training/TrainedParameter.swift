import TopsailTensor

/// A matrix that is trained, with Adam's two moments.
struct TrainedParameter: ~Copyable {
    let values: FloatMatrix
    let first: FloatMatrix
    let second: FloatMatrix

    init(rows: Int, columns: Int) {
        values = FloatMatrix(rows: rows, columns: columns)
        first = FloatMatrix(rows: rows, columns: columns)
        second = FloatMatrix(rows: rows, columns: columns)
    }

    /// One Adam step on `count` elements from `offset` on.
    func update(_ step: AdamStep, offset: Int, count: Int, gradient: UnsafePointer<Float>) {
        step.update(
            weights: values.pointer + offset, first: first.pointer + offset, second: second.pointer + offset,
            gradient: gradient, count: count)
    }
}

import TopsailCore

/// The active neurons of each row of a batch, row after row.
///
/// Values and gradients of different rows may be written from several threads at once.
final class SparseCodes: @unchecked Sendable {
    let rows: Int
    /// Row `r` owns entries `starts[r] ..< starts[r + 1]`.
    private let starts: UnsafeMutablePointer<Int>
    private var indexBuffer = GrowingBuffer<Int32>()
    private var valueBuffer = GrowingBuffer<Float>()
    private var gradientBuffer = GrowingBuffer<Float>()
    private var levelBuffer = GrowingBuffer<Int32>()

    init(rows: Int) {
        self.rows = rows
        starts = .allocate(capacity: rows + 1)
        starts.initialize(repeating: 0, count: rows + 1)
    }

    deinit { starts.deallocate() }

    var indices: UnsafeMutablePointer<Int32> { indexBuffer.pointer }
    var values: UnsafeMutablePointer<Float> { valueBuffer.pointer }
    /// Derivative of the loss by each pre-activation.
    var gradients: UnsafeMutablePointer<Float> { gradientBuffer.pointer }
    /// Which of several nested reconstructions an entry enters at; 0 where there is but one.
    var levels: UnsafeMutablePointer<Int32> { levelBuffer.pointer }

    func entries(of row: Int) -> Range<Int> { starts[row]..<starts[row + 1] }

    /// Active neurons over all rows.
    var total: Int { starts[rows] }

    /// Replaces everything. Levels are 0 and gradients undefined afterwards.
    func fill(_ features: [[ActiveFeature]]) {
        precondition(features.count == rows, "\(features.count) rows for a batch of \(rows)")
        let count = features.reduce(0) { $0 + $1.count }
        indexBuffer.reserve(count)
        valueBuffer.reserve(count)
        gradientBuffer.reserve(count)
        levelBuffer.reserve(count)
        var entry = 0
        for (row, features) in features.enumerated() {
            for feature in features {
                indices[entry] = feature.index
                values[entry] = feature.value
                levels[entry] = 0
                entry += 1
            }
            starts[row + 1] = entry
        }
    }

    func clear() { starts.update(repeating: 0, count: rows + 1) }
}

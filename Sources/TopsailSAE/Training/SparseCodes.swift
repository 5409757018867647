import TopsailCore

/// The active neurons of each row of a batch, with room for `width` of them a row.
///
/// Rows may be written from several threads at once, each row by one.
final class SparseCodes: @unchecked Sendable {
    let rows: Int
    let width: Int
    let indices: UnsafeMutablePointer<Int32>
    let values: UnsafeMutablePointer<Float>
    /// Derivative of the loss by each value.
    let gradients: UnsafeMutablePointer<Float>
    let counts: UnsafeMutablePointer<Int32>

    init(rows: Int, width: Int) {
        self.rows = rows
        self.width = width
        indices = .allocate(capacity: rows * width)
        values = .allocate(capacity: rows * width)
        gradients = .allocate(capacity: rows * width)
        counts = .allocate(capacity: rows)
        counts.initialize(repeating: 0, count: rows)
    }

    deinit {
        indices.deallocate()
        values.deallocate()
        gradients.deallocate()
        counts.deallocate()
    }

    func set(row: Int, _ features: [ActiveFeature]) {
        counts[row] = Int32(features.count)
        for (i, feature) in features.enumerated() {
            indices[row * width + i] = feature.index
            values[row * width + i] = feature.value
        }
    }

    /// Active neurons over all rows.
    var total: Int { (0..<rows).reduce(0) { $0 + Int(counts[$1]) } }
}

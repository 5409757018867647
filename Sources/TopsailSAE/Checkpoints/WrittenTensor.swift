import TopsailTensor

/// A tensor to be written, made block by block.
struct WrittenTensor {
    let name: String
    let shape: [Int]
    private let content: Content

    private enum Content {
        case vector([Float])
        case matrix(SAEMatrix, rowFactors: [Float]?, columnFactors: [Float]?)
    }

    static func vector(_ name: String, _ values: [Float]) -> WrittenTensor {
        WrittenTensor(name: name, shape: [values.count], content: .vector(values))
    }

    static func matrix(
        _ name: String, _ matrix: SAEMatrix, rowFactors: [Float]? = nil, columnFactors: [Float]? = nil
    ) -> WrittenTensor {
        WrittenTensor(
            name: name, shape: [matrix.rows, matrix.columns],
            content: .matrix(matrix, rowFactors: rowFactors, columnFactors: columnFactors))
    }

    /// Hands over the elements in row-major order, a few megabytes at a time.
    func forEachBlock(_ body: (UnsafeBufferPointer<Float>) throws -> Void) rethrows {
        switch content {
        case .vector(let values): try values.withUnsafeBufferPointer(body)
        case .matrix(let matrix, let rowFactors, let columnFactors):
            let step = max(1, min(matrix.rows, (1 << 20) / max(matrix.columns, 1)))
            let block = FloatMatrix(rows: step, columns: matrix.columns)
            for first in stride(from: 0, to: matrix.rows, by: step) {
                let range = first..<min(matrix.rows, first + step)
                matrix.readRows(range, into: block.pointer)
                for (i, row) in range.enumerated() {
                    let values = block.pointer + i * matrix.columns
                    if let factor = rowFactors?[row], factor != 1 {
                        for column in 0..<matrix.columns { values[column] *= factor }
                    }
                    if let columnFactors {
                        for column in 0..<matrix.columns { values[column] *= columnFactors[column] }
                    }
                }
                try body(UnsafeBufferPointer(start: block.pointer, count: range.count * matrix.columns))
            }
        }
    }
}

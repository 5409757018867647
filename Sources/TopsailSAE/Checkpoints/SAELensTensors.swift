import TopsailFiles
import TopsailTensor

/// The tensors of one checkpoint, read with checked shapes.
struct SAELensTensors {
    let archive: any TensorArchive

    func has(_ name: String) -> Bool { archive.info(name) != nil }

    func dtype(_ name: String) throws -> DType { try info(name).dtype }

    /// - Throws: When the tensor is absent, has another shape or a type that is no floating-point type.
    func check(_ name: String, shape: [Int]) throws {
        let info = try info(name)
        guard info.shape == shape else {
            throw SAECheckpointError(archive.path, .wrongShape(tensor: name, expected: shape, found: info.shape))
        }
        guard [.f64, .f32, .f16, .bf16].contains(info.dtype) else {
            throw SAECheckpointError(archive.path, .unsupported("\(name) of type \(info.dtype.name)"))
        }
    }

    /// - Precondition: `check` passed with a shape of as many elements as the matrix has.
    func read(_ name: String, into matrix: borrowing FloatMatrix) throws {
        let info = try info(name)
        guard let source = archive.bytes(of: info).baseAddress else { return }
        Dequantize.row(source, type: info.dtype, count: matrix.count, into: matrix.pointer)
    }

    /// Reads `[columns, rows]` as stored into `[rows, columns]`.
    func readTransposed(_ name: String, into matrix: borrowing FloatMatrix) throws {
        let info = try info(name)
        guard let source = archive.bytes(of: info).baseAddress else { return }
        let (rows, columns, target) = (matrix.rows, matrix.columns, matrix.pointer)
        guard let bytesPerRow = info.dtype.byteCount(elements: rows) else { return }
        // Sixteen stored rows at a time fill whole cache lines of the transposed rows.
        let band = 16
        let stored = FloatMatrix(rows: band, columns: rows)
        for first in stride(from: 0, to: columns, by: band) {
            let count = min(band, columns - first)
            for i in 0..<count {
                Dequantize.row(
                    source + (first + i) * bytesPerRow, type: info.dtype, count: rows, into: stored.pointer + i * rows)
            }
            let values = stored.pointer
            for row in 0..<rows {
                for i in 0..<count { target[row * columns + first + i] = values[i * rows + row] }
            }
        }
    }

    func values(_ name: String) throws -> [Float] { try archive.floats(name) }

    private func info(_ name: String) throws -> TensorInfo {
        guard let info = archive.info(name) else { throw SAECheckpointError(archive.path, .missingTensor(name)) }
        return info
    }
}

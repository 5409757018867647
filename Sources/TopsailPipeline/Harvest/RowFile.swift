import TopsailFiles
import TopsailTensor

/// Rows of fp32 values written one by one to a safetensors file, narrowed if asked for.
final class RowFile {
    private let writer: SafetensorsWriter
    private let width: Int
    private let narrows: Bool
    private var buffer: [UInt8] = []
    private var rows = 0

    /// Rows are written out in pieces of about this many bytes.
    private static let pieceBytes = 1 << 20

    init(path: String, rows: Int, width: Int, dtype: DType, metadata: [String: String]) throws {
        precondition(dtype == .f16 || dtype == .f32, "activations are stored as F16 or F32")
        self.width = width
        narrows = dtype == .f16
        writer = try SafetensorsWriter(
            path: path, tensors: [.init(ActivationHarvest.tensorName, dtype, [rows, width])], metadata: metadata)
    }

    /// Adds a row of `width` values.
    func append(_ row: UnsafePointer<Float>) throws {
        let values = UnsafeBufferPointer(start: row, count: width)
        if narrows {
            for value in values { withUnsafeBytes(of: Float16(value)) { buffer.append(contentsOf: $0) } }
        } else {
            buffer.append(contentsOf: UnsafeRawBufferPointer(values))
        }
        rows += 1
        if buffer.count >= Self.pieceBytes { try flush() }
    }

    /// Completes the file; the number of rows written.
    func finish() throws -> Int {
        try flush()
        try writer.finish()
        return rows
    }

    private func flush() throws {
        try buffer.withUnsafeBytes { try writer.append($0, to: ActivationHarvest.tensorName) }
        buffer.removeAll(keepingCapacity: true)
    }
}

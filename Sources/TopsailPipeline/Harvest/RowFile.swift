import TopsailFiles
import TopsailTensor

/// Rows of fp32 values written one by one to a safetensors file, narrowed if asked for. Until it is finished the file stays beside
/// its destination, and a later one goes on with it.
final class RowFile {
    private let writer: SafetensorsWriter
    private let width: Int
    private let narrows: Bool
    private var buffer: [UInt8] = []
    /// Rows of an earlier file that this one goes on with: as many as were asked for, or none.
    let keptRows: Int

    /// Rows are written out in pieces of about this many bytes.
    private static let pieceBytes = 1 << 20

    /// - Parameters:
    ///   - rows: Of the whole file.
    ///   - kept: Rows that are there already.
    init(
        path: String, rows: Int, width: Int, dtype: DType, metadata: [String: String], keeping kept: Int
    ) throws {
        precondition(dtype == .f16 || dtype == .f32, "activations are stored as F16 or F32")
        self.width = width
        narrows = dtype == .f16
        let rowBytes = width * (narrows ? MemoryLayout<Float16>.size : MemoryLayout<Float>.size)
        writer = try SafetensorsWriter(
            path: path, tensor: .init(ActivationHarvest.tensorName, dtype, [rows, width]), metadata: metadata,
            stayingAt: path + ".partial", written: kept * rowBytes)
        keptRows = writer.written(to: ActivationHarvest.tensorName) / rowBytes
    }

    /// Adds a row of `width` values.
    func append(_ row: UnsafePointer<Float>) throws {
        let values = UnsafeBufferPointer(start: row, count: width)
        if narrows {
            for value in values { withUnsafeBytes(of: Float16(value)) { buffer.append(contentsOf: $0) } }
        } else {
            buffer.append(contentsOf: UnsafeRawBufferPointer(values))
        }
        if buffer.count >= Self.pieceBytes { try flush() }
    }

    /// Brings the rows so far to disk.
    func synchronize() throws {
        try flush()
        try writer.synchronize()
    }

    /// Gives the complete file its name.
    func finish() throws {
        try flush()
        try writer.finish()
    }

    private func flush() throws {
        try buffer.withUnsafeBytes { try writer.append($0, to: ActivationHarvest.tensorName) }
        buffer.removeAll(keepingCapacity: true)
    }
}

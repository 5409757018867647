import Foundation
import TopsailTensor

/// Writes a safetensors file, piece by piece or at once.
///
/// The tensors are declared first, so that the header is known; then their bytes may come in any order and in pieces,
/// which lets a long activation dump be written as it is computed. The file appears under its name when `finish` is
/// called.
public final class SafetensorsWriter {
    /// A tensor to be written.
    public struct Declaration: Sendable, Hashable {
        public var name: String
        public var dtype: DType
        /// Outermost first.
        public var shape: [Int]

        /// - Precondition: `dtype` is one of safetensors' types, not a GGUF block type.
        public init(_ name: String, _ dtype: DType, _ shape: [Int]) {
            precondition(dtype.blockSize == 1, "safetensors has no type \(dtype.name)")
            self.name = name
            self.dtype = dtype
            self.shape = shape
        }
    }

    private let file: PendingFile
    private var progress: [String: Progress] = [:]

    /// Where a tensor's bytes go, and how many have come.
    private struct Progress {
        var start: Int
        var byteCount: Int
        var written = 0
    }

    /// Starts a file and writes its header.
    ///
    /// - Parameters:
    ///   - tensors: All tensors that the file will hold; distinct names.
    ///   - metadata: The texts of `__metadata__`.
    /// - Throws: `unwritable`.
    public init(path: String, tensors: [Declaration], metadata: [String: String] = [:]) throws(FileFormatError) {
        let header = SafetensorsHeaderText(tensors: tensors, metadata: metadata)
        file = try PendingFile(path: path)
        place(header)
        try file.append(header.bytes)
    }

    /// Starts a file of one tensor that stays at `partialPath` until it is finished, or goes on with it.
    ///
    /// - Parameter written: Bytes of the tensor that an earlier writer put there and synchronized. Where the partial file does not
    ///   hold them under the same header the file is started anew, which `written(to:)` then tells.
    /// - Throws: `unwritable`.
    public init(
        path: String, tensor: Declaration, metadata: [String: String] = [:], stayingAt partialPath: String,
        written: Int
    ) throws(FileFormatError) {
        let header = SafetensorsHeaderText(tensors: [tensor], metadata: metadata)
        file = try PendingFile(path: path, stayingAt: partialPath)
        place(header)
        let start = header.bytes.count
        let goesOn = file.holds(start + written, beginningWith: header.bytes)
        try file.truncate(to: goesOn ? start + written : 0)
        try file.append(header.bytes)
        if goesOn { progress[tensor.name]?.written = written }
    }

    private func place(_ header: SafetensorsHeaderText) {
        for tensor in header.placed {
            let previous = progress.updateValue(
                Progress(start: header.bytes.count + tensor.offset, byteCount: tensor.byteCount), forKey: tensor.name)
            precondition(previous == nil, "two tensors are named \(tensor.name)")
        }
    }

    /// Bytes that a tensor has got, those of an earlier writer among them.
    public func written(to name: String) -> Int { progress[name]?.written ?? 0 }

    /// Waits until what was written is on disk.
    public func synchronize() throws(FileFormatError) { try file.synchronize() }

    /// Adds the next bytes of one tensor, row-major and little-endian.
    ///
    /// - Precondition: The tensor was declared and does not get more bytes than its shape takes.
    /// - Throws: `unwritable`.
    public func append(_ bytes: UnsafeRawBufferPointer, to name: String) throws(FileFormatError) {
        guard var tensor = progress[name] else { preconditionFailure("no tensor named \(name) was declared") }
        precondition(tensor.written + bytes.count <= tensor.byteCount, "\(name) gets more bytes than its shape takes")
        try file.write(bytes, at: tensor.start + tensor.written)
        tensor.written += bytes.count
        progress[name] = tensor
    }

    /// Adds fp32 values to a tensor of that type.
    public func append(_ values: UnsafeBufferPointer<Float>, to name: String) throws(FileFormatError) {
        try append(UnsafeRawBufferPointer(values), to: name)
    }

    /// Completes the file and gives it its name.
    ///
    /// - Precondition: All tensors have got all their bytes.
    /// - Throws: `unwritable`.
    public func finish() throws(FileFormatError) {
        for (name, tensor) in progress {
            precondition(
                tensor.written == tensor.byteCount, "\(name) got \(tensor.written) of \(tensor.byteCount) bytes")
        }
        try file.commit()
    }
}

extension SafetensorsWriter {
    /// A tensor with its bytes, for `write`.
    public typealias Tensor = (declaration: Declaration, bytes: UnsafeRawBufferPointer)

    /// Writes a whole file.
    ///
    /// - Parameter tensors: The tensors with their bytes, row-major and little-endian.
    /// - Throws: `unwritable`.
    public static func write(
        _ tensors: [Tensor], metadata: [String: String] = [:], to path: String
    ) throws(FileFormatError) {
        let writer = try SafetensorsWriter(path: path, tensors: tensors.map(\.declaration), metadata: metadata)
        for tensor in tensors { try writer.append(tensor.bytes, to: tensor.declaration.name) }
        try writer.finish()
    }
}

import TopsailFiles
import TopsailTensor

/// Activations stored as one matrix, in memory or in a mapped safetensors file, shuffled anew each time round.
public final class MatrixActivationSource: ActivationSource {
    public let dIn: Int
    /// Rows of the matrix; the stream goes round and round.
    public let rowCount: Int
    public private(set) var position = 0
    private let seed: UInt64
    private let storage: Storage
    private var epoch: (number: Int, order: Permutation)

    private enum Storage {
        case memory([Float])
        case archive(any TensorArchive, TensorInfo, bytesPerRow: Int)
    }

    /// - Precondition: `values` is a whole number of rows, at least one.
    public convenience init(values: [Float], dIn: Int, seed: UInt64) {
        precondition(
            dIn > 0 && !values.isEmpty && values.count % dIn == 0, "\(values.count) values are no rows of \(dIn)")
        self.init(storage: .memory(values), dIn: dIn, rows: values.count / dIn, seed: seed)
    }

    /// Maps a tensor `[rows, d_in]` of type F32, F16, BF16 or F64.
    ///
    /// - Parameter tensor: Its name; may be left out when the file holds one tensor.
    public convenience init(path: String, tensor: String? = nil, seed: UInt64) throws {
        let archive = try SafetensorsFile(path: path)
        let name = tensor ?? (archive.tensors.count == 1 ? archive.tensors[0].name : "input")
        guard let info = archive.info(name) else { throw SAECheckpointError(path, .missingTensor(name)) }
        guard info.shape.count == 2, info.shape.allSatisfy({ $0 > 0 }) else {
            throw SAECheckpointError(
                path, .badValue(key: "the shape of \(name)", expected: "[rows, d_in]", found: "\(info.shape)"))
        }
        guard [.f64, .f32, .f16, .bf16].contains(info.dtype), let bytes = info.dtype.byteCount(elements: info.shape[1])
        else { throw SAECheckpointError(path, .unsupported("\(name) of type \(info.dtype.name)")) }
        self.init(
            storage: .archive(archive, info, bytesPerRow: bytes), dIn: info.shape[1], rows: info.shape[0], seed: seed)
    }

    private init(storage: Storage, dIn: Int, rows: Int, seed: UInt64) {
        self.storage = storage
        self.dIn = dIn
        self.rowCount = rows
        self.seed = seed
        epoch = (0, Self.order(rows: rows, seed: seed, epoch: 0))
    }

    private static func order(rows: Int, seed: UInt64, epoch: Int) -> Permutation {
        Permutation(count: rows, seed: SeededGenerator.mix(seed ^ SeededGenerator.mix(UInt64(epoch) &+ 1)))
    }

    public func seek(to position: Int) {
        precondition(position >= 0, "position \(position)")
        self.position = position
    }

    public func nextBatch(rows: Int, into batch: UnsafeMutablePointer<Float>) {
        for row in 0..<rows { copy(row: rowInStream(at: position + row), into: batch + row * dIn) }
        position += rows
    }

    private func rowInStream(at position: Int) -> Int {
        let number = position / rowCount
        if number != epoch.number { epoch = (number, Self.order(rows: rowCount, seed: seed, epoch: number)) }
        return epoch.order[position % rowCount]
    }

    private func copy(row: Int, into target: UnsafeMutablePointer<Float>) {
        switch storage {
        case .memory(let values):
            values.withUnsafeBufferPointer { target.update(from: $0.baseAddress! + row * dIn, count: dIn) }
        case .archive(let archive, let info, let bytesPerRow):
            let source = archive.bytes(of: info).baseAddress! + row * bytesPerRow
            Dequantize.row(source, type: info.dtype, count: dIn, into: target)
        }
    }
}

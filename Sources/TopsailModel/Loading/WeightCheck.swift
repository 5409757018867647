import CKernels
import TopsailFiles
import TopsailTensor

/// Looks for weights that are NaN or infinite.
///
/// Reading every weight would make opening as slow as the model is large. Small files are checked when they are opened; in large ones
/// the cause is looked for once a pass has gone wrong.
struct WeightCheck {
    private let archive: any TensorArchive
    private static let smallBytes = 16 << 20

    init(_ archive: any TensorArchive) { self.archive = archive }

    /// Checks everything, if that is little.
    ///
    /// - Throws: `ModelError.notFinite` naming the tensor.
    func checkSmall() throws {
        guard archive.tensors.reduce(0, { $0 + $1.byteCount }) <= Self.smallBytes else { return }
        if let tensor = firstBadTensor(where: { _ in true }) {
            throw ModelError.notFinite(path: archive.path, tensor: tensor)
        }
    }

    /// The first tensor with a value that is no number, among those whose name is wanted.
    func firstBadTensor(where isWanted: (String) -> Bool) -> String? {
        archive.tensors.first { isWanted($0.name) && !isFinite($0) }?.name
    }

    private func isFinite(_ info: TensorInfo) -> Bool {
        guard info.dtype.isFloatingPoint, let base = archive.bytes(of: info).baseAddress else { return true }
        let step = info.dtype.blockSize * 4096
        let values = FloatMatrix(rows: 1, columns: step)
        for start in stride(from: 0, to: info.elementCount, by: step) {
            let count = min(step, info.elementCount - start)
            Dequantize.row(
                base + start / info.dtype.blockSize * info.dtype.bytesPerBlock, type: info.dtype, count: count,
                into: values.pointer)
            if tsk_all_finite(values.pointer, count) == 0 { return false }
        }
        return true
    }
}

import CKernels
import TopsailFiles
import TopsailTensor

extension StoredMatrix {
    /// The tensor of that name as a matrix of `[outputs, inputs]`.
    ///
    /// - Throws: `ModelError` when the tensor is absent, has another shape or a type that cannot be widened.
    init(_ archive: any TensorArchive, _ name: String, outputs: Int, inputs: Int) throws {
        guard let info = archive.info(name) else { throw ModelError.missingTensor(path: archive.path, name: name) }
        guard info.shape == [outputs, inputs] else {
            throw ModelError.shapeMismatch(
                path: archive.path, tensor: name, expected: [outputs, inputs], found: info.shape)
        }
        guard Dequantize.supports(info.dtype), let rowBytes = info.dtype.byteCount(elements: inputs),
            let base = archive.bytes(of: info).baseAddress
        else {
            throw ModelError.unsupportedType(path: archive.path, tensor: name, type: info.dtype.name)
        }
        self.init(
            outputs: outputs, inputs: inputs, type: info.dtype, base: base, rowBytes: rowBytes, owner: archive)
    }
}

extension StoredMatrix {
    /// Like `multiply(rows:x:tokens:y:stride:)` with both operands rounded to bf16 and sums in fp32.
    ///
    /// - Parameter x: `[tokens, inputs]` as bf16 bit patterns; `inputs` is even.
    func multiplyBF16(
        rows: Range<Int>, x: UnsafePointer<UInt16>, tokens: Int, y: UnsafeMutablePointer<Float>, stride: Int
    ) {
        let panels = (rows.count + 15) / 16
        ScratchMemory.withBuffer(of: Float.self, count: 16 * inputs) { wide in
            ScratchMemory.withBuffer(of: UInt16.self, count: panels * 16 * inputs) { packed in
                for panel in 0..<panels {
                    let first = rows.lowerBound + 16 * panel
                    let count = min(16, rows.upperBound - first)
                    for row in 0..<count { widenRow(first + row, into: wide + row * inputs) }
                    tsk_bf16_pack(wide, count, inputs, packed + panel * 16 * inputs)
                }
                tsk_bf16_gemm(x, tokens, inputs, packed, rows.count, y + rows.lowerBound, stride)
            }
        }
    }
}

import CKernels
import TopsailTensor

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

import CKernels

extension StoredMatrix {
    /// `y[t, rows] = x[t] · W[rows]ᵀ` for every token of `x`, on the calling thread.
    ///
    /// - Parameters:
    ///   - rows: Output rows to compute.
    ///   - y: Output row 0's column for token 0; token `t` is `stride` floats further.
    public func multiply(rows: Range<Int>, x: Activations, y: UnsafeMutablePointer<Float>, stride: Int) {
        precondition(x.inputs == inputs, "\(x.inputs) activations for \(inputs) inputs")
        guard x.tokens > 0 else { return }
        if order == .inputsFirst {
            multiplyTransposed(rows, x, y, stride)
        } else if tsk_products_available() == 0 || inputs % TSK_BLOCK != 0 {
            multiplyWidened(rows, x, y, stride)
        } else if x.tokens <= TSK_FEW_TOKENS {
            multiplyRows(rows, x, y, stride)
        } else {
            multiplyPanels(rows, x, y, stride)
        }
    }

    /// The type as the kernels know it, if they read the stored bytes as they are.
    private var kernelType: CInt? {
        guard scale == .none, let number = type.ggufNumber, tsk_products_support(CInt(number)) != 0 else { return nil }
        return CInt(number)
    }

    /// Whether 32 stored values share a scale, so that the integers are in the file already.
    private var isQuantised: Bool { type.blockSize > 1 }

    // MARK: A few tokens

    /// Each row is unpacked once and used for all tokens.
    private func multiplyRows(_ rows: Range<Int>, _ x: Activations, _ y: UnsafeMutablePointer<Float>, _ stride: Int) {
        guard let kernelType else { return multiplyWidenedRows(rows, x, y, stride) }
        var start = rows.lowerBound
        while start < rows.upperBound {
            // Rows that lie side by side in the file.
            let end = min(rows.upperBound, (start / groups.size + 1) * groups.size)
            if isQuantised, var narrowed = x.narrowed {
                tsk_rows_i16(
                    kernelType, address(ofRow: start), rowBytes, end - start, inputs, &narrowed, x.tokens, y + start,
                    stride)
            } else {
                tsk_rows_f32(
                    kernelType, address(ofRow: start), rowBytes, end - start, inputs, x.values, x.tokens, y + start,
                    stride)
            }
            start = end
        }
    }

    /// Rows of types without a kernel of their own.
    private func multiplyWidenedRows(
        _ rows: Range<Int>, _ x: Activations, _ y: UnsafeMutablePointer<Float>, _ stride: Int
    ) {
        ScratchMemory.withBuffer(of: Float.self, count: inputs) { wide in
            for row in rows {
                widenRow(row, into: wide)
                tsk_rows_f32(CInt(TSK_F32.rawValue), wide, 4 * inputs, 1, inputs, x.values, x.tokens, y + row, stride)
            }
        }
    }

    // MARK: More tokens

    /// Inputs of a panel that is multiplied at once: it stays in the first-level cache while the tokens pass.
    private static func panelBlocks(narrowed: Bool) -> Int { narrowed ? 20 : 12 }

    /// 16 rows are unpacked side by side, and tiles of tokens pass over them.
    private func multiplyPanels(_ rows: Range<Int>, _ x: Activations, _ y: UnsafeMutablePointer<Float>, _ stride: Int) {
        let blocks = inputs / TSK_BLOCK
        let panelFloats = TSK_PANEL_BLOCK_F32 * min(blocks, Self.panelBlocks(narrowed: x.narrowed != nil))
        ScratchMemory.withBuffer(of: Float.self, count: panelFloats) { panel in
            for start in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: TSK_PANEL_ROWS) {
                let count = min(TSK_PANEL_ROWS, rows.upperBound - start)
                withAddresses(ofPanel: start..<start + count) { type, addresses in
                    multiplyPanel(addresses, count: count, type: type, panel: panel, x: x, y: y + start, stride: stride)
                }
            }
        }
    }

    private func multiplyPanel(
        _ rows: UnsafePointer<UnsafeRawPointer?>, count: Int, type: CInt, panel: UnsafeMutablePointer<Float>,
        x: Activations,
        y: UnsafeMutablePointer<Float>, stride: Int
    ) {
        let blocks = inputs / TSK_BLOCK
        let step = Self.panelBlocks(narrowed: x.narrowed != nil)
        for first in Swift.stride(from: 0, to: blocks, by: step) {
            let blockCount = min(step, blocks - first)
            let adds: CInt = first == 0 ? 0 : 1
            if var narrowed = x.narrowed {
                tsk_pack_i16(type, rows, first, blockCount, panel)
                tsk_tiles_i16(&narrowed, x.tokens, inputs, first, blockCount, panel, count, adds, y, stride)
            } else {
                tsk_pack_f32(type, rows, first, blockCount, panel)
                tsk_tiles_f32(x.values, x.tokens, inputs, first, blockCount, panel, count, adds, y, stride)
            }
        }
    }

    /// Calls `body` with where each of 16 rows begins: in the file, or widened where the kernels do not know the type. The last
    /// one is named again when there are fewer.
    private func withAddresses(ofPanel rows: Range<Int>, _ body: (CInt, UnsafePointer<UnsafeRawPointer?>) -> Void) {
        withUnsafeTemporaryAllocation(of: UnsafeRawPointer?.self, capacity: TSK_PANEL_ROWS) { addresses in
            if let kernelType {
                for slot in 0..<TSK_PANEL_ROWS {
                    let row = min(rows.lowerBound + slot, rows.upperBound - 1)
                    addresses.initializeElement(at: slot, to: address(ofRow: row))
                }
                return body(kernelType, addresses.baseAddress!)
            }
            ScratchMemory.withBuffer(of: Float.self, count: rows.count * inputs) { wide in
                for (offset, row) in rows.enumerated() { widenRow(row, into: wide + offset * inputs) }
                for slot in 0..<TSK_PANEL_ROWS {
                    let row = wide + min(slot, rows.count - 1) * inputs
                    addresses.initializeElement(at: slot, to: UnsafeRawPointer(row))
                }
                body(CInt(TSK_F32.rawValue), addresses.baseAddress!)
            }
        }
    }

    // MARK: Without kernels of our own

    private func multiplyWidened(_ rows: Range<Int>, _ x: Activations, _ y: UnsafeMutablePointer<Float>, _ stride: Int)
    {
        ScratchMemory.withBuffer(of: Float.self, count: rows.count * inputs) { panel in
            for (offset, row) in rows.enumerated() { widenRow(row, into: panel + offset * inputs) }
            LinearAlgebra.serialGemm(
                transA: false, transB: true, m: x.tokens, n: rows.count, k: inputs, alpha: 1, a: x.values, lda: inputs,
                b: panel, ldb: inputs, beta: 0, c: y + rows.lowerBound, ldc: stride)
        }
    }

    /// The columns of the panel: where they lie if they are fp32, else widened input by input.
    private func multiplyTransposed(
        _ rows: Range<Int>, _ x: Activations, _ y: UnsafeMutablePointer<Float>, _ stride: Int
    ) {
        if type == .f32, Int(bitPattern: base) % MemoryLayout<Float>.alignment == 0 {
            let panel = base.assumingMemoryBound(to: Float.self) + rows.lowerBound
            return multiplyTransposed(panel, distance: rowBytes / 4, rows, x, y, stride)
        }
        ScratchMemory.withBuffer(of: Float.self, count: rows.count * inputs) { panel in
            for input in 0..<inputs {
                Dequantize.row(
                    base + input * rowBytes + rows.lowerBound * type.bytesPerBlock, type: type, count: rows.count,
                    into: panel + input * rows.count)
            }
            multiplyTransposed(panel, distance: rows.count, rows, x, y, stride)
        }
    }

    private func multiplyTransposed(
        _ panel: UnsafePointer<Float>, distance: Int, _ rows: Range<Int>, _ x: Activations,
        _ y: UnsafeMutablePointer<Float>, _ stride: Int
    ) {
        LinearAlgebra.serialGemm(
            transA: false, transB: false, m: x.tokens, n: rows.count, k: inputs, alpha: 1, a: x.values, lda: inputs,
            b: panel, ldb: distance, beta: 0, c: y + rows.lowerBound, ldc: stride)
    }
}

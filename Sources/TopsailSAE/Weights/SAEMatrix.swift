import Foundation
import TopsailFiles
import TopsailTensor

/// A matrix of weights where it lies: fp32 in memory, or any floating-point type in a mapped file, with either dimension
/// contiguous, or neither.
///
/// Nothing is copied when it is made. What is used is read in place where it is aligned fp32, else widened block by block.
struct SAEMatrix: @unchecked Sendable {
    let rows: Int
    let columns: Int
    let dtype: DType
    let base: UnsafeRawPointer
    /// Distances between neighbours in elements.
    let rowStride: Int
    let columnStride: Int
    /// So many matrices `termStride` elements apart are added up: cross-layer decoders, one term a layer written to.
    let terms: Int
    let termStride: Int
    private let owner: any Sendable

    private init(
        rows: Int, columns: Int, dtype: DType, base: UnsafeRawPointer, rowStride: Int, columnStride: Int,
        terms: Int = 1,
        termStride: Int = 0, owner: any Sendable
    ) {
        self.rows = rows
        self.columns = columns
        self.dtype = dtype
        self.base = base
        self.rowStride = rowStride
        self.columnStride = columnStride
        self.terms = terms
        self.termStride = termStride
        self.owner = owner
    }

    /// - Parameter view: Two dimensions, at least one element, a type that `Dequantize` widens.
    init(_ view: TensorView) {
        precondition(
            view.shape.count == 2 && view.dtype.blockSize == 1, "a matrix has two dimensions of plain elements")
        self.init(
            rows: view.shape[0], columns: view.shape[1], dtype: view.dtype, base: view.base!,
            rowStride: view.strides[0],
            columnStride: view.strides[1], owner: view)
    }

    /// `[rows, terms, columns]`, summed over the terms.
    init(summing view: TensorView) {
        precondition(view.shape.count == 3 && view.dtype.blockSize == 1, "three dimensions of plain elements")
        self.init(
            rows: view.shape[0], columns: view.shape[2], dtype: view.dtype, base: view.base!,
            rowStride: view.strides[0],
            columnStride: view.strides[2], terms: view.shape[1], termStride: view.strides[1], owner: view)
    }

    /// fp32 in memory, row-major.
    ///
    /// - Parameter owner: Keeps the memory.
    init(_ values: UnsafePointer<Float>, rows: Int, columns: Int, owner: any Sendable) {
        self.init(
            rows: rows, columns: columns, dtype: .f32, base: UnsafeRawPointer(values), rowStride: columns,
            columnStride: 1, owner: owner)
    }

    /// Rows and columns exchanged, without touching a byte.
    var transposed: SAEMatrix {
        SAEMatrix(
            rows: columns, columns: rows, dtype: dtype, base: base, rowStride: columnStride, columnStride: rowStride,
            terms: terms, termStride: termStride, owner: owner)
    }

    /// A run of rows.
    func rows(_ range: Range<Int>) -> SAEMatrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
        return SAEMatrix(
            rows: range.count, columns: columns, dtype: dtype,
            base: base + range.lowerBound * rowStride * dtype.bytesPerBlock, rowStride: rowStride,
            columnStride: columnStride, terms: terms, termStride: termStride, owner: owner)
    }

    /// The fp32 elements where they are aligned and need no summing; `nil` when they must be read through a block.
    var inPlace: UnsafePointer<Float>? {
        guard dtype == .f32, terms == 1, Int(bitPattern: base) % MemoryLayout<Float>.alignment == 0 else { return nil }
        return base.assumingMemoryBound(to: Float.self)
    }

    /// Bytes the elements would take as fp32.
    var widenedSize: Int { rows * columns * MemoryLayout<Float>.stride }
}

// MARK: Reading

extension SAEMatrix {
    /// Widens one row.
    ///
    /// - Parameter values: Room for `columns` floats.
    func readRow(_ index: Int, into values: UnsafeMutablePointer<Float>) {
        read(row: index, term: 0, into: values)
        guard terms > 1 else { return }
        ScratchMemory.withBuffer(of: Float.self, count: columns) { part in
            for term in 1..<terms {
                read(row: index, term: term, into: part)
                for i in 0..<columns { values[i] += part[i] }
            }
        }
    }

    private func read(row: Int, term: Int, into values: UnsafeMutablePointer<Float>) {
        widen(from: row * rowStride + term * termStride, stride: columnStride, count: columns, into: values)
    }

    /// Widens `count` elements `stride` apart.
    func widen(from start: Int, stride: Int, count: Int, into values: UnsafeMutablePointer<Float>) {
        let size = dtype.bytesPerBlock
        let first = base + start * size
        if stride == 1 { return Dequantize.row(first, type: dtype, count: count, into: values) }
        switch dtype {
        case .f32:
            for i in 0..<count {
                values[i] = first.loadUnaligned(fromByteOffset: i * stride * 4, as: Float.self)
            }
        case .bf16:
            for i in 0..<count {
                let bits = first.loadUnaligned(fromByteOffset: i * stride * 2, as: UInt16.self)
                values[i] = Float(bitPattern: UInt32(bits) << 16)
            }
        default:
            for i in 0..<count { Dequantize.row(first + i * stride * size, type: dtype, count: 1, into: values + i) }
        }
    }

    /// Widens a run of rows to `[count, columns]`.
    func readRows(_ range: Range<Int>, into values: UnsafeMutablePointer<Float>) {
        guard rowStride == 1, columnStride != 1, terms == 1, range.count > 1 else {
            for (i, row) in range.enumerated() { readRow(row, into: values + i * columns) }
            return
        }
        // Rows are columns of the file: sixteen of the file's rows at a time fill whole cache lines of the result.
        let band = 16
        ScratchMemory.withBuffer(of: Float.self, count: band * range.count) { stored in
            for first in stride(from: 0, to: columns, by: band) {
                let count = min(band, columns - first)
                for i in 0..<count {
                    widen(
                        from: range.lowerBound + (first + i) * columnStride, stride: 1, count: range.count,
                        into: stored + i * range.count)
                }
                for row in 0..<range.count {
                    for i in 0..<count { values[row * columns + first + i] = stored[i * range.count + row] }
                }
            }
        }
    }

    /// Widens some rows, in an order that reads the file forwards.
    ///
    /// - Parameters:
    ///   - indices: Rising.
    ///   - values: `[indices.count, columns]`.
    func gatherRows(_ indices: [Int], into values: UnsafeMutablePointer<Float>) {
        nonisolated(unsafe) let values = values
        guard columnStride != 1, terms == 1 else {
            Parallel.forRanges(count: indices.count, minimum: 16) { range in
                for i in range { readRow(indices[i], into: values + i * columns) }
            }
            return
        }
        let size = dtype.bytesPerBlock
        Parallel.forRanges(count: columns, minimum: 16) { range in
            for column in range {
                let start = base + column * columnStride * size
                for (i, index) in indices.enumerated() {
                    Dequantize.row(
                        start + index * rowStride * size, type: dtype, count: 1, into: values + i * columns + column)
                }
            }
        }
    }

    /// All elements as fp32 in memory of their own, row-major.
    func widened() -> SAEMatrix {
        let memory = OwnedFloats(count: rows * columns)
        nonisolated(unsafe) let target = memory.pointer
        let block = max(1, min(rows, (1 << 18) / max(columns, 1)))
        Parallel.forEach(count: (rows + block - 1) / block) { index in
            let range = index * block..<min(rows, (index + 1) * block)
            readRows(range, into: target + range.lowerBound * columns)
        }
        return SAEMatrix(memory.pointer, rows: rows, columns: columns, owner: memory)
    }

    /// Widened and row-major when that takes at most `limit` bytes and is not so already: small matrices are worth their
    /// fastest form, large ones are used where they lie.
    func prepared(limit: Int = 48 << 20) -> SAEMatrix {
        let isReady = inPlace != nil && columnStride == 1
        return isReady || widenedSize > limit ? self : widened()
    }

    /// The Euclidean norm of each row.
    func rowNorms() -> [Float] {
        var norms = [Float](repeating: 0, count: rows)
        norms.withUnsafeMutableBufferPointer { norms in
            nonisolated(unsafe) let norms = norms
            let block = max(1, min(rows, 512))
            Parallel.forEach(count: (rows + block - 1) / block) { index in
                let range = index * block..<min(rows, (index + 1) * block)
                ScratchMemory.withBuffer(of: Float.self, count: range.count * columns) { values in
                    readRows(range, into: values)
                    for (i, row) in range.enumerated() {
                        norms[row] = LinearAlgebra.norm(values + i * columns, count: columns)
                    }
                }
            }
        }
        return norms
    }
}

/// Floats that belong to whoever holds this object. Written only before it is shared.
final class OwnedFloats: @unchecked Sendable {
    private let matrix: FloatMatrix

    init(count: Int) { matrix = FloatMatrix(rows: 1, columns: count) }

    var pointer: UnsafeMutablePointer<Float> { matrix.pointer }
    var count: Int { matrix.columns }
}

import Foundation
import TopsailTensor

/// A tensor where it lies, in a mapped file or in memory, whose elements may be apart.
///
/// NumPy's Fortran order and torch's views are strides: what they describe is read in place, without a copy.
public struct TensorView: @unchecked Sendable {
    public let dtype: DType
    /// Extents, outermost first.
    public let shape: [Int]
    /// Distances between neighbours of each dimension in elements, none negative. Meaningless for block types, which are
    /// contiguous.
    public let strides: [Int]
    /// The first element; `nil` when there is none. Valid while the view lives. Not always aligned to its type.
    public let base: UnsafeRawPointer?
    /// Keeps the bytes where they are.
    private let owner: (any Sendable)?

    /// - Parameter strides: Row-major when `nil`.
    /// - Precondition: Every element that shape and strides reach lies in memory that `owner` keeps.
    public init(
        dtype: DType, shape: [Int], strides: [Int]? = nil, base: UnsafeRawPointer?, owner: (any Sendable)?
    ) {
        self.dtype = dtype
        self.shape = shape
        self.strides = strides ?? Self.rowMajor(shape)
        self.base = base
        self.owner = owner
    }

    public var elementCount: Int { shape.reduce(1, *) }

    /// Whether the elements lie one after the other in row-major order.
    public var isContiguous: Bool {
        dtype.blockSize > 1 || zip(shape, zip(strides, Self.rowMajor(shape))).allSatisfy { $0 < 2 || $1.0 == $1.1 }
    }

    /// The strides of a contiguous tensor.
    public static func rowMajor(_ shape: [Int]) -> [Int] {
        var stride = 1
        return shape.reversed().map { extent in
            defer { stride *= extent }
            return stride
        }.reversed()
    }
}

extension TensorView {
    /// The part with one index of the outermost dimension, which is dropped.
    ///
    /// - Precondition: The tensor has a dimension, and the index lies in it.
    public func element(_ index: Int) -> TensorView {
        precondition(index >= 0 && index < shape[0], "index \(index) of \(shape[0])")
        let start = base.map { $0 + index * strides[0] * dtype.bytesPerBlock }
        return TensorView(
            dtype: dtype, shape: Array(shape.dropFirst()), strides: Array(strides.dropFirst()), base: start,
            owner: owner)
    }

    /// All elements in row-major order as fp32.
    ///
    /// - Parameter values: Room for `elementCount` floats.
    public func read(into values: UnsafeMutablePointer<Float>) {
        guard let base, elementCount > 0 else { return }
        if isContiguous {
            Dequantize.row(base, type: dtype, count: elementCount, into: values)
        } else {
            forEachRun { position, start, count, stride in
                let size = dtype.bytesPerBlock
                for i in 0..<count {
                    Dequantize.row(
                        base + (start + i * stride) * size, type: dtype, count: 1, into: values + position + i)
                }
            }
        }
    }

    /// Hands over all elements as fp32 in row-major order, a few hundred kilobytes at a time.
    ///
    /// - Precondition: Not a block type.
    public func forEachBlock(_ body: (UnsafeBufferPointer<Float>) -> Void) {
        guard let base, elementCount > 0 else { return }
        let piece = 1 << 16
        let values = UnsafeMutablePointer<Float>.allocate(capacity: piece)
        defer { values.deallocate() }
        let size = dtype.bytesPerBlock
        func hand(_ start: Int, _ count: Int, _ stride: Int) {
            for first in Swift.stride(from: 0, to: count, by: piece) {
                let length = min(piece, count - first)
                let place = base + (start + first * stride) * size
                if stride == 1 {
                    Dequantize.row(place, type: dtype, count: length, into: values)
                } else {
                    for i in 0..<length {
                        Dequantize.row(place + i * stride * size, type: dtype, count: 1, into: values + i)
                    }
                }
                body(UnsafeBufferPointer(start: values, count: length))
            }
        }
        if isContiguous { return hand(0, elementCount, 1) }
        forEachRun { _, start, count, stride in hand(start, count, stride) }
    }

    /// The elements' bytes in row-major order.
    func contiguousBytes() -> [UInt8] {
        guard let base, elementCount > 0, let total = dtype.byteCount(elements: elementCount) else { return [] }
        if isContiguous { return [UInt8](UnsafeRawBufferPointer(start: base, count: total)) }
        let size = dtype.bytesPerBlock
        return [UInt8](unsafeUninitializedCapacity: total) { bytes, count in
            let target = UnsafeMutableRawPointer(bytes.baseAddress!)
            forEachRun { position, start, count, stride in
                for i in 0..<count {
                    target.advanced(by: (position + i) * size).copyMemory(
                        from: base + (start + i * stride) * size, byteCount: size)
                }
            }
            count = total
        }
    }

    /// Calls `body` with each run along the innermost dimension: its place in row-major order, its first element, its
    /// length and the distance between its elements.
    private func forEachRun(_ body: (_ position: Int, _ start: Int, _ count: Int, _ stride: Int) -> Void) {
        guard let count = shape.last, let stride = strides.last else { return body(0, 0, 1, 1) }
        var index = [Int](repeating: 0, count: shape.count - 1)
        var position = 0
        while true {
            body(position, zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }, count, stride)
            position += count
            var dimension = index.count - 1
            while dimension >= 0 {
                index[dimension] += 1
                if index[dimension] < shape[dimension] { break }
                index[dimension] = 0
                dimension -= 1
            }
            if dimension < 0 { return }
        }
    }
}

import TopsailTensor

/// A shape read from a file, with the bytes that a tensor of that shape takes.
struct TensorExtent {
    var shape: [Int] = []
    var byteCount: Int

    /// - Returns: `nil` when there are more elements than can be counted, or no whole number of blocks.
    init?(_ extents: some Sequence<UInt64>, dtype: DType) {
        var elements = 1
        for extent in extents {
            guard let size = Int(exactly: extent) else { return nil }
            let (product, overflows) = elements.multipliedReportingOverflow(by: size)
            guard !overflows else { return nil }
            elements = product
            shape.append(size)
        }
        guard let byteCount = dtype.byteCount(elements: elements) else { return nil }
        self.byteCount = byteCount
    }

    static let uncountable = FileFormatError.Reason.outOfRange("the shape has more elements than can be counted")
}

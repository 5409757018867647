import TopsailTensor

/// A tensor as a header announces it; `offset` counts from the start of the data part and is not yet checked.
struct DeclaredTensor {
    var name: String
    var dtype: DType
    var shape: [Int]
    var offset: Int
    var byteCount: Int
}

/// The check that announced tensors have distinct names and lie in the file, aligned, without sharing bytes.
struct TensorLayout {
    let path: String
    /// Where the data part starts in the file; may lie past its end when the file was cut.
    let start: Int
    let fileSize: Int
    var alignment = 1
    /// Whether every byte of the data part must belong to a tensor, as safetensors demands.
    var leavesNoHoles = false

    /// No machine maps that much; a tensor that claims it is a lie rather than a file cut short.
    private static let largestTensor = 1 << 46

    /// The places of `declared` in the file, in the same order.
    ///
    /// - Throws: `corrupt` for names that occur twice, misaligned or overlapping tensors and holes where none may be;
    ///   `truncated` when the tensors follow one another but the file ends before the last of them; `outOfRange` when
    ///   they point elsewhere outside the file.
    func place(_ declared: [DeclaredTensor]) throws(FileFormatError) -> [TensorInfo] {
        try checkNames(declared)
        // Empty tensors take no room, so they come before the tensor that starts where they do.
        let byPlace = declared.sorted { ($0.offset, $0.byteCount) < ($1.offset, $1.byteCount) }
        var end = 0
        for (i, tensor) in byPlace.enumerated() {
            let next = i + 1 < byPlace.count ? byPlace[i + 1].offset : Int.max
            end = try check(tensor, after: end, before: next)
        }
        if leavesNoHoles, start + end < fileSize {
            throw FileFormatError(
                path: path, reason: .corrupt("\(fileSize - start - end) bytes follow that belong to no tensor"))
        }
        return declared.map {
            TensorInfo(
                name: $0.name, dtype: $0.dtype, shape: $0.shape, offset: start + $0.offset, byteCount: $0.byteCount)
        }
    }

    private func checkNames(_ declared: [DeclaredTensor]) throws(FileFormatError) {
        var names = Set<String>(minimumCapacity: declared.count)
        for tensor in declared where !names.insert(tensor.name).inserted {
            throw error(tensor, .corrupt("this name occurs twice"))
        }
    }

    /// - Returns: Where the tensor ends, counted from the start of the data part.
    private func check(_ tensor: DeclaredTensor, after end: Int, before next: Int) throws(FileFormatError) -> Int {
        let (tensorEnd, overflows) = tensor.offset.addingReportingOverflow(tensor.byteCount)
        let available = max(0, fileSize - start)
        let follows = tensor.offset - end < alignment
        if overflows || tensor.byteCount > Self.largestTensor
            || tensorEnd > available && (tensor.offset > available && !follows || tensorEnd > next)
        {
            throw error(
                tensor, .outOfRange("\(tensor.byteCount) bytes at offset \(tensor.offset) lie outside the file"))
        }
        guard tensor.offset >= end else { throw error(tensor, .corrupt("it overlaps the tensor before it")) }
        guard tensor.offset % alignment == 0 else {
            throw error(tensor, .corrupt("its offset \(tensor.offset) is not a multiple of \(alignment)"))
        }
        guard tensorEnd <= available else {
            // `start` is a position in a header that was read, and the largest tensor is bounded: no overflow.
            throw error(tensor, .truncated(needed: start + tensorEnd, available: fileSize))
        }
        if leavesNoHoles, tensor.offset != end {
            throw error(tensor, .corrupt("\(tensor.offset - end) bytes before it belong to no tensor"))
        }
        return tensorEnd
    }

    private func error(_ tensor: DeclaredTensor, _ reason: FileFormatError.Reason) -> FileFormatError {
        FileFormatError(path: path, place: "tensor \(tensor.name)", reason: reason)
    }
}

/// A cursor over the little-endian bytes of one file that never steps past their end.
///
/// A count or length read from a file is a claim. `claim` checks it against what the file can hold before anything is
/// allocated or skipped.
struct ByteReader {
    let bytes: UnsafeRawBufferPointer
    let path: String
    private(set) var position: Int
    /// What is being read, for errors, e.g. `metadata "tokenizer.ggml.tokens"`.
    var place = ""

    init(_ bytes: UnsafeRawBufferPointer, path: String, position: Int = 0) {
        self.bytes = bytes
        self.path = path
        self.position = position
    }

    var remaining: Int { bytes.count - position }

    /// Reads one integer.
    mutating func integer<I: FixedWidthInteger>(_: I.Type = I.self) throws(FileFormatError) -> I {
        let size = MemoryLayout<I>.size
        guard remaining >= size else { throw truncated(needed: size) }
        defer { position += size }
        return I(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: I.self))
    }

    /// Passes over `count` items of at least `size` bytes each and returns the bytes passed.
    mutating func take(
        _ count: UInt64, of size: Int = 1, what: String
    ) throws(FileFormatError) -> UnsafeRawBufferPointer {
        let length = try claim(count, of: size, what: what) * size
        defer { position += length }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + length])
    }

    /// Checks that `count` items of at least `size` bytes each can follow here.
    ///
    /// A claim that the rest of the file cannot hold is either a cut (`truncated`) or a lie (`outOfRange`). It is taken
    /// for a lie when not even the whole file could hold it and it is larger than a header of honest files ever gets,
    /// so that a file cut inside its vocabulary is still reported as cut.
    func claim(_ count: UInt64, of size: Int, what: String) throws(FileFormatError) -> Int {
        let (length, overflows) = count.multipliedReportingOverflow(by: UInt64(size))
        if overflows || length > max(Self.largestHonestClaim, UInt64(bytes.count)) {
            throw error(.outOfRange("\(what) of \(count) cannot fit in a file of \(bytes.count) bytes"))
        }
        guard length <= remaining else { throw truncated(needed: Int(length)) }
        return Int(count)
    }

    func error(_ reason: FileFormatError.Reason) -> FileFormatError {
        FileFormatError(path: path, place: place.isEmpty ? "at byte \(position)" : place, reason: reason)
    }

    private func truncated(needed: Int) -> FileFormatError {
        error(.truncated(needed: position + needed, available: bytes.count))
    }

    /// The tokens of the largest vocabularies take about 4 MB.
    private static let largestHonestClaim: UInt64 = 1 << 24
}

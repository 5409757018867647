/// The record at the end of a zip archive, which says where the central directory is.
struct ZipEnd {
    private(set) var entryCount: UInt64
    private(set) var directory: Range<Int> = 0..<0

    private static let size = 22
    private static let signature: UInt32 = 0x0605_4B50
    private static let zip64Signature: UInt32 = 0x0606_4B50
    private static let locatorSignature: UInt32 = 0x0706_4B50
    private static let locatorSize = 20

    init(_ bytes: UnsafeRawBufferPointer, path: String) throws(FileFormatError) {
        guard let position = Self.find(bytes) else {
            guard FileKind.recognise(bytes) == .zip else {
                throw FileFormatError(
                    path: path,
                    reason: .notThisFormat(expected: "a zip archive", found: FileKind.recognise(bytes)?.description))
            }
            throw FileFormatError(
                path: path, place: "zip directory",
                reason: .truncated(needed: bytes.count + Self.size, available: bytes.count))
        }
        var reader = ByteReader(bytes, path: path, position: position + 4)
        reader.place = "zip directory"
        let part = try reader.integer(UInt16.self)
        _ = try reader.take(4, what: "a header")
        entryCount = UInt64(try reader.integer(UInt16.self))
        var length = UInt64(try reader.integer(UInt32.self))
        var start = UInt64(try reader.integer(UInt32.self))
        guard part == 0 || part == .max else { throw reader.error(.unsupported("an archive of several parts")) }
        var limit = position
        if entryCount == UInt16.max || length == UInt32.max || start == UInt32.max,
            let record = try Self.findZip64(bytes, path: path, end: position)
        {
            limit = record
            reader = ByteReader(bytes, path: path, position: record + 32)
            reader.place = "zip directory"
            entryCount = try reader.integer()
            length = try reader.integer()
            start = try reader.integer()
        }
        let (end, overflows) = start.addingReportingOverflow(length)
        guard !overflows, end <= UInt64(limit) else {
            throw reader.error(.outOfRange("\(length) bytes at offset \(start) lie outside the archive"))
        }
        directory = Int(start)..<Int(end)
    }

    /// The last place where an end record and its comment reach exactly to the end of the file.
    private static func find(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count >= size else { return nil }
        let last = bytes.count - size
        return stride(from: last, through: max(0, last - Int(UInt16.max)), by: -1).first { position in
            word(bytes, position) == signature
                && Int(bytes[position + 20]) | Int(bytes[position + 21]) << 8 == last - position
        }
    }

    /// - Returns: Where the zip64 end record begins; `nil` when the archive has none.
    private static func findZip64(
        _ bytes: UnsafeRawBufferPointer, path: String, end: Int
    ) throws(FileFormatError) -> Int? {
        guard end >= locatorSize, word(bytes, end - locatorSize) == locatorSignature else { return nil }
        var reader = ByteReader(bytes, path: path, position: end - locatorSize + 8)
        reader.place = "zip directory"
        let offset = try reader.integer(UInt64.self)
        // The record's fixed part is 56 bytes.
        guard offset <= UInt64(max(0, end - locatorSize - 56)), word(bytes, Int(offset)) == zip64Signature else {
            throw reader.error(.outOfRange("the zip64 record is not where it should be"))
        }
        return Int(offset)
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> UInt32? {
        guard position + 4 <= bytes.count else { return nil }
        return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
    }
}

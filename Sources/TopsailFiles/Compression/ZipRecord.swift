/// One record of a zip archive's central directory.
struct ZipRecord {
    var name: String
    var nameBytes: UnsafeRawBufferPointer
    var method: ZipEntry.Method
    var checksum: UInt32
    var compressedSize: UInt64
    var size: UInt64
    /// Where the entry's own header begins in the archive.
    var headerOffset: UInt64

    static let leastSize = 46
    static let localSignature: UInt32 = 0x0403_4B50
    private static let signature: UInt32 = 0x0201_4B50

    init(_ reader: inout ByteReader) throws(FileFormatError) {
        guard try reader.integer(UInt32.self) == Self.signature else {
            throw reader.error(.corrupt("this is not a directory record"))
        }
        _ = try reader.take(4, what: "a header")  // versions
        let flags = try reader.integer(UInt16.self)
        let methodNumber = try reader.integer(UInt16.self)
        _ = try reader.take(4, what: "a header")  // time and date
        checksum = try reader.integer()
        compressedSize = UInt64(try reader.integer(UInt32.self))
        size = UInt64(try reader.integer(UInt32.self))
        let nameLength = try reader.integer(UInt16.self)
        let extraLength = try reader.integer(UInt16.self)
        let commentLength = try reader.integer(UInt16.self)
        let part = try reader.integer(UInt16.self)
        _ = try reader.take(6, what: "a header")  // attributes
        headerOffset = UInt64(try reader.integer(UInt32.self))
        nameBytes = try reader.take(UInt64(nameLength), what: "a name length")
        name = String(decoding: nameBytes, as: UTF8.self)
        method = Self.method(methodNumber, flags: flags)
        let extra = try reader.take(UInt64(extraLength), what: "an extra length")
        try readZip64(extra, reader)
        _ = try reader.take(UInt64(commentLength), what: "a comment length")
        guard part == 0 || part == .max else { throw reader.error(.unsupported("an archive of several parts")) }
    }

    private static func method(_ number: UInt16, flags: UInt16) -> ZipEntry.Method {
        if flags & 1 != 0 { return .unsupported("an encrypted entry") }
        return switch number {
        case 0: .stored
        case 8: .deflated
        default: .unsupported("the compression method number \(number)")
        }
    }

    /// Replaces sizes and offset that do not fit 32 bits, marked by all ones, with those in the zip64 field.
    private mutating func readZip64(_ extra: UnsafeRawBufferPointer, _ record: ByteReader) throws(FileFormatError) {
        let marker = UInt64(UInt32.max)
        guard size == marker || compressedSize == marker || headerOffset == marker else { return }
        var fields = ByteReader(extra, path: record.path)
        fields.place = "entry \(name)"
        while fields.remaining >= 4 {
            let kind = try fields.integer(UInt16.self)
            let length = try fields.integer(UInt16.self)
            var field = ByteReader(try fields.take(UInt64(length), what: "a field length"), path: record.path)
            field.place = fields.place
            guard kind == 1 else { continue }
            if size == marker { size = try field.integer() }
            if compressedSize == marker { compressedSize = try field.integer() }
            if headerOffset == marker { headerOffset = try field.integer() }
            return
        }
    }
}

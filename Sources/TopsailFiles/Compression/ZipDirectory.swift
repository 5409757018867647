/// The central directory of a zip archive, read and checked.
///
/// Source: PKWARE's APPNOTE.TXT 6.3, sections 4.3 (layout) and 4.5.3 (zip64).
struct ZipDirectory {
    private(set) var entries: [ZipEntry] = []

    private let bytes: UnsafeRawBufferPointer
    private let path: String

    init(_ bytes: UnsafeRawBufferPointer, path: String) throws(FileFormatError) {
        self.bytes = bytes
        self.path = path
        let end = try ZipEnd(bytes, path: path)
        var reader = ByteReader(
            UnsafeRawBufferPointer(rebasing: bytes[..<end.directory.upperBound]), path: path,
            position: end.directory.lowerBound)
        reader.place = "zip directory"
        let count = try reader.claim(end.entryCount, of: ZipRecord.leastSize, what: "an entry count")
        entries.reserveCapacity(count)
        for index in 0..<count {
            reader.place = "entry \(index)"
            entries.append(try entry(ZipRecord(&reader), directoryStart: end.directory.lowerBound))
        }
    }

    private func entry(_ record: ZipRecord, directoryStart: Int) throws(FileFormatError) -> ZipEntry {
        func error(_ reason: FileFormatError.Reason) -> FileFormatError {
            FileFormatError(path: path, place: "entry \(record.name)", reason: reason)
        }
        guard Self.staysInside(record.name) else { throw error(.corrupt("the name leads out of the archive's folder")) }
        // The entries lie before the directory, so that its start is where they must end.
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[..<directoryStart]), path: path)
        reader.place = "entry \(record.name)"
        _ = try reader.take(record.headerOffset, what: "an offset")
        guard try reader.integer(UInt32.self) == ZipRecord.localSignature else {
            throw error(.corrupt("the directory points to something else"))
        }
        _ = try reader.take(22, what: "a header")
        let nameLength = try reader.integer(UInt16.self)
        let extraLength = try reader.integer(UInt16.self)
        let name = try reader.take(UInt64(nameLength), what: "a name length")
        guard name.elementsEqual(record.nameBytes) else {
            throw error(.corrupt("it has another name in the directory"))
        }
        _ = try reader.take(UInt64(extraLength), what: "an extra length")
        let start = reader.position
        _ = try reader.take(record.compressedSize, what: "a size")
        guard let size = Int(exactly: record.size) else {
            throw error(.outOfRange("\(record.size) bytes cannot be held"))
        }
        // Deflate adds a few bytes to what it cannot shrink, so that more than that hides something.
        if record.method == .deflated,
            reader.position - start > size.addingReportingOverflow(size / 512 + 1024).partialValue
        {
            throw error(.corrupt("its bytes are more than content of \(size) bytes takes"))
        }
        return ZipEntry(
            name: record.name, method: record.method, size: size, checksum: UInt(record.checksum),
            range: start..<reader.position)
    }

    /// Whether a name stays below the folder that the archive is unpacked in, on any system.
    private static func staysInside(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix("/") && !name.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "\\") }
            && !name.dropFirst().hasPrefix(":")
            && !name.split(separator: "/", omittingEmptySubsequences: false).contains("..")
    }
}

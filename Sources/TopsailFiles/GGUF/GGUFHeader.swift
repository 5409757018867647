import TopsailTensor

/// Everything in a GGUF file before its tensor data, read and checked.
///
/// Layout, little-endian: `GGUF`, version u32, tensor count u64, setting count u64, settings, tensor infos, padding,
/// data. Source: `docs/gguf.md` in ggml.
struct GGUFHeader {
    var version: UInt32
    var alignment: Int
    var metadata: ArchiveMetadata
    var tensors: [TensorInfo]

    static let magic: [UInt8] = Array("GGUF".utf8)
    private static let defaultAlignment = 32
    /// ggml itself stops at 4.
    private static let mostDimensions: UInt32 = 8

    init(_ file: MappedFile) throws(FileFormatError) {
        var reader = ByteReader(file.bytes, path: file.path)
        version = try Self.readVersion(&reader)
        reader.place = "header"
        let tensorCount = try reader.integer(UInt64.self)
        let settingCount = try reader.integer(UInt64.self)
        // The shortest setting is an empty key, a type and one byte; the shortest tensor has no name and no dimensions.
        let settings = try reader.claim(settingCount, of: 8 + 4 + 1, what: "a setting count")
        _ = try reader.claim(tensorCount, of: 8 + 4 + 4 + 8, what: "a tensor count")
        metadata = try Self.readMetadata(&reader, count: settings, file: file)
        alignment = try Self.alignment(metadata, reader)
        reader.place = "tensor list"
        let count = try reader.claim(tensorCount, of: 8 + 4 + 4 + 8, what: "a tensor count")
        var declared: [DeclaredTensor] = []
        declared.reserveCapacity(count)
        for index in 0..<count { declared.append(try Self.readTensor(&reader, index: index)) }
        let start = Self.align(reader.position, to: alignment)
        tensors = try TensorLayout(path: file.path, start: start, fileSize: file.bytes.count, alignment: alignment)
            .place(declared)
    }

    private static func readVersion(_ reader: inout ByteReader) throws(FileFormatError) -> UInt32 {
        guard reader.bytes.prefix(magic.count).elementsEqual(magic.prefix(reader.bytes.count)) else {
            throw FileFormatError(
                path: reader.path,
                reason: .notThisFormat(expected: "a GGUF file", found: FileKind.recognise(reader.bytes)?.description))
        }
        _ = try reader.integer(UInt32.self)
        let version = try reader.integer(UInt32.self)
        switch version {
        case 2, 3: return version
        case _ where (1...3).contains(version.byteSwapped):
            throw reader.error(.unsupported("a big-endian GGUF file"))
        default: throw reader.error(.unsupported("GGUF version \(version)"))
        }
    }

    private static func readMetadata(
        _ reader: inout ByteReader, count: Int, file: MappedFile
    ) throws(FileFormatError) -> ArchiveMetadata {
        var metadata = ArchiveMetadata(path: file.path)
        for index in 0..<count {
            reader.place = "setting \(index)"
            let key = try readName(&reader)
            reader.place = "setting \(key)"
            var values = GGUFValueReader(file: file, reader: reader)
            let value = try values.readValue()
            reader = values.reader
            guard metadata.insert(value, for: key) else { throw reader.error(.corrupt("this name occurs twice")) }
        }
        return metadata
    }

    private static func alignment(_ metadata: ArchiveMetadata, _ reader: ByteReader) throws(FileFormatError) -> Int {
        guard metadata["general.alignment"] != nil else { return defaultAlignment }
        let alignment = try metadata.requiredInt("general.alignment")
        guard alignment > 0, alignment & (alignment - 1) == 0, alignment <= 1 << 30 else {
            throw FileFormatError(
                path: reader.path, place: "setting general.alignment",
                reason: .corrupt("the alignment \(alignment) is not a power of two"))
        }
        return alignment
    }

    private static func readTensor(
        _ reader: inout ByteReader, index: Int
    ) throws(FileFormatError) -> DeclaredTensor {
        reader.place = "tensor \(index)"
        let name = try readName(&reader)
        reader.place = "tensor \(name)"
        let dimensions = try reader.integer(UInt32.self)
        guard dimensions <= mostDimensions else {
            throw reader.error(.corrupt("\(dimensions) dimensions are announced"))
        }
        // The file writes the innermost extent first.
        var extents: [UInt64] = []
        for _ in 0..<dimensions { extents.append(try reader.integer()) }
        let dtype = try DType(ggufNumber: try reader.integer(), reader)
        let offset = try reader.integer(UInt64.self)
        guard (extents.first ?? 1) % UInt64(dtype.blockSize) == 0 else {
            throw reader.error(
                .corrupt("rows of \(extents.first ?? 1) are not whole blocks of \(dtype.blockSize) (\(dtype.name))"))
        }
        guard let extent = TensorExtent(extents.reversed(), dtype: dtype) else {
            throw reader.error(TensorExtent.uncountable)
        }
        guard let place = Int(exactly: offset) else {
            throw reader.error(.outOfRange("the offset \(offset) points outside the file"))
        }
        return DeclaredTensor(name: name, dtype: dtype, shape: extent.shape, offset: place, byteCount: extent.byteCount)
    }

    private static func readName(_ reader: inout ByteReader) throws(FileFormatError) -> String {
        let bytes = try reader.take(try reader.integer(UInt64.self), what: "a name length")
        guard let name = String(validating: bytes, as: UTF8.self) else {
            throw reader.error(.corrupt("the name is not UTF-8"))
        }
        return name
    }

    private static func align(_ position: Int, to alignment: Int) -> Int {
        (position + alignment - 1) & ~(alignment - 1)
    }
}

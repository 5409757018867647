import TopsailTensor

/// The JSON header of a safetensors file, read and checked.
///
/// Layout: header length u64, header, data. The header is an object that maps each tensor's name to its `dtype`,
/// `shape` and `data_offsets` (from the end of the header), and `__metadata__` to an object of texts. Source: the
/// format's description in `huggingface/safetensors: README.md`.
struct SafetensorsHeader {
    private(set) var metadata: ArchiveMetadata
    private(set) var tensors: [TensorInfo] = []

    init(_ file: MappedFile) throws(FileFormatError) {
        var reader = ByteReader(file.bytes, path: file.path)
        reader.place = "header"
        guard file.bytes.count <= 8 || file.bytes[8] == UInt8(ascii: "{") else {
            throw FileFormatError(
                path: file.path,
                reason: .notThisFormat(
                    expected: "a safetensors file", found: FileKind.recognise(file.bytes)?.description))
        }
        let length = try reader.integer(UInt64.self)
        let text = try reader.take(length, what: "a header length")
        metadata = ArchiveMetadata(path: file.path)
        let declared = try readHeader(JSONScanner(text, path: file.path))
        tensors = try TensorLayout(
            path: file.path, start: reader.position, fileSize: file.bytes.count, leavesNoHoles: true
        ).place(declared)
    }

    private mutating func readHeader(_ text: JSONScanner) throws(FileFormatError) -> [DeclaredTensor] {
        var scanner = text
        var metadata: ArchiveMetadata?
        var declared: [DeclaredTensor] = []
        try scanner.readObject { (name, scanner) throws(FileFormatError) in
            if name != "__metadata__" {
                declared.append(try Self.readTensor(name, &scanner))
            } else if metadata == nil {
                metadata = try Self.readMetadata(&scanner)
            } else {
                throw scanner.error("__metadata__ occurs twice")
            }
        }
        try scanner.expectEnd()
        if let metadata { self.metadata = metadata }
        return declared
    }

    private static func readMetadata(_ scanner: inout JSONScanner) throws(FileFormatError) -> ArchiveMetadata {
        var metadata = ArchiveMetadata(path: scanner.path)
        try scanner.readObject { (key, scanner) throws(FileFormatError) in
            guard metadata.insert(.string(try scanner.readString()), for: key) else {
                throw scanner.error("the setting \(key) occurs twice")
            }
        }
        return metadata
    }

    private static func readTensor(
        _ name: String, _ scanner: inout JSONScanner
    ) throws(FileFormatError) -> DeclaredTensor {
        var type: String?
        var extents: [UInt64]?
        var offsets: [UInt64]?
        try scanner.readObject { (key, scanner) throws(FileFormatError) in
            switch key {
            case "dtype" where type == nil: type = try scanner.readString()
            case "shape" where extents == nil: extents = try scanner.readIntegers()
            case "data_offsets" where offsets == nil: offsets = try scanner.readIntegers()
            default: throw scanner.error("tensor \(name) has an unknown or repeated entry \(key)")
            }
        }
        func error(_ reason: FileFormatError.Reason) -> FileFormatError {
            FileFormatError(path: scanner.path, place: "tensor \(name)", reason: reason)
        }
        guard let type, let extents, let offsets, offsets.count == 2 else {
            throw error(.corrupt("dtype, shape and two data_offsets are needed"))
        }
        guard let dtype = DType(safetensorsName: type) else { throw error(.unsupported("the type \(type)")) }
        guard let extent = TensorExtent(extents, dtype: dtype) else { throw error(TensorExtent.uncountable) }
        guard let start = Int(exactly: offsets[0]), let end = Int(exactly: offsets[1]) else {
            throw error(.outOfRange("the offsets \(offsets) point outside the file"))
        }
        guard start <= end, end - start == extent.byteCount else {
            throw error(
                .corrupt(
                    "shape \(extent.shape) of \(type) takes \(extent.byteCount) bytes, but the offsets are \(offsets)"))
        }
        return DeclaredTensor(
            name: name, dtype: dtype, shape: extent.shape, offset: start, byteCount: extent.byteCount)
    }
}

extension DType {
    /// The type of that name in safetensors, which has no block types.
    init?(safetensorsName: String) {
        guard let type = DType(rawValue: safetensorsName), type.blockSize == 1 else { return nil }
        self = type
    }
}

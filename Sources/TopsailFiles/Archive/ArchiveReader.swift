import TopsailTensor

/// Opens a file of tensors by what it holds, whatever its name ends in.
public enum ArchiveReader {
    /// - Throws: `notThisFormat`, saying what the file looks like; or what the format's own reader throws.
    public static func open(_ path: String) throws(FileFormatError) -> any TensorArchive {
        let file = try MappedFile.opening(path)
        switch withExtendedLifetime(file, { FileKind.recognise(file.bytes) }) {
        case .gguf: return try GGUFFile(path: path)
        case .safetensors: return try SafetensorsFile(path: path)
        case let other:
            throw FileFormatError(
                path: path,
                reason: .notThisFormat(expected: "a safetensors or GGUF file", found: other?.description))
        }
    }
}

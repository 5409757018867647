import TopsailTensor

/// Opens a file of tensors by what it holds, whatever its name ends in.
public enum ArchiveReader {
    /// - Throws: `notThisFormat`, saying what the file looks like; or what the format's own reader throws.
    public static func open(_ path: String) throws(FileFormatError) -> any TensorArchive {
        switch FileKind.recognise(try MappedFile.opening(path).bytes) {
        case .gguf: try GGUFFile(path: path)
        case .safetensors: try SafetensorsFile(path: path)
        case let other:
            throw FileFormatError(
                path: path,
                reason: .notThisFormat(expected: "a safetensors or GGUF file", found: other?.description))
        }
    }
}

import TopsailTensor

/// Opens a file of tensors by what it holds, whatever its name ends in.
public enum ArchiveReader {
    /// - Throws: `notThisFormat`, saying what the file looks like; or what the format's own reader throws.
    public static func open(_ path: String) throws(FileFormatError) -> any TensorArchive {
        let file = try MappedFile.opening(path)
        guard !file.bytes.isEmpty else {
            throw FileFormatError(path: path, reason: .truncated(needed: 8, available: 0))
        }
        switch withExtendedLifetime(file, { FileKind.recognise(file.bytes) }) {
        case .gguf: return try GGUFFile(path: path)
        case .safetensors: return try SafetensorsFile(path: path)
        case .npy: return try NPYFile(path: path)
        case .zip: return try openZip(path)
        case .pickle:
            throw FileFormatError(
                path: path, reason: .unsupported("a Python pickle without a zip around it (torch.save before 1.6)"))
        // Its own reader knows best what is wrong with it.
        case nil where path.hasSuffix(".safetensors"): return try SafetensorsFile(path: path)
        case let other:
            throw FileFormatError(
                path: path,
                reason: .notThisFormat(
                    expected: "a safetensors, GGUF, npz, npy or PyTorch file", found: other?.description))
        }
    }

    private static func openZip(_ path: String) throws(FileFormatError) -> any TensorArchive {
        let archive = try ZipArchive(path: path)
        if archive.entries.contains(where: { $0.name.hasSuffix(TorchFile.pickleName) }) {
            return try TorchFile(archive)
        }
        if archive.entries.contains(where: { $0.name.hasSuffix(".npy") }) { return try NPZFile(archive) }
        throw FileFormatError(
            path: path,
            reason: .notThisFormat(
                expected: "an npz archive or a PyTorch checkpoint", found: "a zip archive of something else"))
    }
}

/// What a file's first bytes say it is.
enum FileKind: CaseIterable {
    case gguf, safetensors, zip, npy, gzip, hdf5, ggml, pickle, html

    /// - Returns: `nil` for content that is none of them.
    static func recognise(_ bytes: UnsafeRawBufferPointer) -> FileKind? {
        // A header length may begin with the two bytes of a pickle or gzip file, so the eight-byte test comes first.
        looksLikeSafetensors(bytes) ? .safetensors : allCases.first { $0.matches(bytes) }
    }

    var description: String {
        switch self {
        case .gguf: "a GGUF file"
        case .safetensors: "a safetensors file"
        case .zip: "a zip archive (npz, or a PyTorch checkpoint)"
        case .npy: "a NumPy array (npy)"
        case .gzip: "a gzip file"
        case .hdf5: "an HDF5 file"
        case .ggml: "a ggml file from before GGUF"
        case .pickle: "a Python pickle"
        case .html: "a web page"
        }
    }

    private func matches(_ bytes: UnsafeRawBufferPointer) -> Bool {
        signatures.contains { bytes.count >= $0.count && bytes.prefix($0.count).elementsEqual($0) }
    }

    private var signatures: [[UInt8]] {
        switch self {
        case .gguf: [GGUFHeader.magic]
        case .safetensors: []
        case .zip: [[0x50, 0x4B, 3, 4], [0x50, 0x4B, 5, 6]]
        case .npy: [[0x93] + Array("NUMPY".utf8)]
        case .gzip: [[0x1F, 0x8B]]
        case .hdf5: [[0x89] + Array("HDF".utf8)]
        case .ggml: ["lmgg", "fmgg", "tjgg", "algg", "GGML"].map { Array($0.utf8) }
        case .pickle: [[0x80, 2], [0x80, 3], [0x80, 4], [0x80, 5]]
        case .html: ["<!DOCTYPE", "<!doctype", "<html"].map { Array($0.utf8) }
        }
    }

    /// safetensors has no signature: eight bytes of length, the last of which are zero in any file that exists, then
    /// JSON.
    private static func looksLikeSafetensors(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count > 8 && bytes[8] == UInt8(ascii: "{") && bytes[5] == 0 && bytes[6] == 0 && bytes[7] == 0
    }
}

import ArgumentParser
import TopsailCore
import TopsailFiles
import TopsailTensor

/// `topsail tensors`: what an archive of tensors holds.
struct TensorsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tensors",
        abstract: "List or extract the tensors of a safetensors, GGUF, npz, npy or PyTorch file.",
        discussion: """
            Examples:
              topsail tensors model.gguf
              topsail tensors model.gguf --extract token_embd.weight --output embedding.safetensors
              topsail tensors ae.pt --json
            Extracted tensors are fp32 under their own names; GGUF block types are dequantised. A pickle's numbers and texts
            are its metadata; nothing in it is run.
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "The file.", completion: .file()) var file: String
    @Option(parsing: .upToNextOption, help: "Tensors to write to --output.") var extract: [String] = []
    @Option(help: "A safetensors file for the extracted tensors.", completion: .file()) var output: String?

    func validate() throws {
        guard extract.isEmpty == (output == nil) else {
            throw ValidationError("--extract and --output go together")
        }
        guard Set(extract).count == extract.count else { throw ValidationError("--extract names a tensor twice") }
    }

    func run() async throws {
        let archive = try ArchiveReader.open(file)
        if let output {
            try Interruption.handled { try write(archive, to: output) }
        } else if common.json {
            StandardOutput.line(document(archive).line)
        } else {
            list(archive)
        }
    }

    private func document(_ archive: any TensorArchive) -> JSONText {
        let tensors = archive.tensors.map { tensor in
            JSONText.object(["name": tensor.name, "dtype": tensor.dtype.name, "shape": tensor.shape])
        }
        let metadata = archive.metadata.keys.compactMap { key in archive.metadata[key].map { (key, $0.jsonText) } }
        return ["tensors": .array(tensors), "metadata": .object(metadata)]
    }

    private func list(_ archive: any TensorArchive) {
        for key in archive.metadata.keys {
            guard let value = archive.metadata[key] else { continue }
            StandardOutput.line("\(PrintableText.printable(key)) = \(PrintableText.printable(value.summary))")
        }
        Columns.print(
            archive.tensors.map { [$0.name, $0.dtype.name, $0.shape.map(String.init).joined(separator: " × ")] })
    }

    /// Writes one tensor after another, so that memory is needed for one at a time.
    private func write(_ archive: any TensorArchive, to output: String) throws {
        let tensors = try extract.map { try archive.require($0) }
        let writer = try SafetensorsWriter(path: output, tensors: tensors.map { .init($0.name, .f32, $0.shape) })
        for tensor in tensors {
            try Interruption.check()
            let values = try archive.floats(tensor.name)
            try values.withUnsafeBufferPointer { try writer.append($0, to: tensor.name) }
        }
        try writer.finish()
        if common.json {
            StandardOutput.line(
                JSONText.object(["output": output, "tensors": tensors.map(\.name)]).line)
        }
    }
}

extension MetadataValue {
    /// Arrays are given whole.
    var jsonText: JSONText {
        if let bool { return .bool(bool) }
        if let string { return .string(string) }
        if let int { return .int(int) }
        if case .uint64(let value) = self { return .unsigned(value) }
        if case .float64(let value) = self { return .double(value) }
        if let float { return .float(float) }
        return array?.jsonText ?? .null
    }

    /// The value as people want to see it in a list: arrays by their length.
    var summary: String {
        if let string { return string }
        if let array { return "\(array.count) × \(array.elementType)" }
        return jsonText.line
    }
}

extension MetadataArray {
    var jsonText: JSONText { .array(elements.map(\.jsonText)) }
}

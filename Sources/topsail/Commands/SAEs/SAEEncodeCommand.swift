import ArgumentParser
import Foundation
import TopsailFiles
import TopsailSAE
import TopsailTensor

/// `topsail sae encode`: activations from a file to features in a file.
struct SAEEncodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode", abstract: "Encode activations of a file and reconstruct them.",
        discussion: """
            Example:
              topsail sae encode --sae checkpoint --input a.safetensors#mlp_out.14 --output features.safetensors
            The output has features [tokens, d_sae] and reconstruction [tokens, d_out] in fp32.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var overrides: SAEOverrides
    @Option(help: "An SAE of the workspace, or a checkpoint file or folder.") var sae: String
    @Option(
        help: ArgumentHelp(
            "Activations [tokens, d] or [tokens, heads, d_head]; KEY is input unless given.",
            valueName: "file#key"))
    var input: ActivationInput
    @Option(help: "The safetensors file to write.") var output: String

    func run() async throws {
        let sae = try overrides.open(sae, in: common.place)
        let archive = try ArchiveReader.open(input.path)
        let info = try archive.require(input.key)
        let width = info.shape.dropFirst().reduce(1, *)
        guard (2...3).contains(info.shape.count), width == sae.info.dIn else {
            throw CommandFailure(
                "\(input.key) in \(input.path) has shape \(info.shape), but \(sae.info.name) reads rows of \(sae.info.dIn)",
                hint: "name another tensor with \(input.path)#KEY; topsail tensors lists them")
        }
        try Interruption.handled { try write(try archive.floats(input.key), tokens: info.shape[0], sae) }
        if common.json {
            StandardOutput.line(
                JSONText.object(["output": output, "tokens": info.shape[0], "d_sae": sae.info.dSAE]).line)
        }
    }

    /// Encodes blocks of rows, so that dense features never lie in memory for all tokens.
    private func write(_ values: [Float], tokens: Int, _ sae: any SparseAutoencoder) throws {
        let (dIn, dSAE, dOut) = (sae.info.dIn, sae.info.dSAE, sae.info.dOut)
        let writer = try SafetensorsWriter(
            path: output,
            tensors: [.init("features", .f32, [tokens, dSAE]), .init("reconstruction", .f32, [tokens, dOut])])
        let rows = max(1, min(256, (1 << 24) / max(dSAE, 1)))
        let dense = FloatMatrix(rows: rows, columns: dSAE)
        let reconstruction = FloatMatrix(rows: rows, columns: dOut)
        let progress = ProgressLine(common.progress)
        for start in stride(from: 0, to: tokens, by: rows) {
            try Interruption.check()
            let count = min(rows, tokens - start)
            let features = values.withUnsafeBufferPointer { values in
                sae.reconstruct(values.baseAddress! + start * dIn, tokens: count, into: reconstruction.pointer)
            }
            dense.pointer.update(repeating: 0, count: count * dSAE)
            for (row, features) in features.enumerated() {
                for feature in features { dense.pointer[row * dSAE + Int(feature.index)] = feature.value }
            }
            try writer.append(UnsafeBufferPointer(start: dense.pointer, count: count * dSAE), to: "features")
            try writer.append(
                UnsafeBufferPointer(start: reconstruction.pointer, count: count * dOut), to: "reconstruction")
            progress.show("\(start + count) of \(tokens) tokens")
        }
        try writer.finish()
    }
}

/// `FILE` or `FILE#KEY`.
struct ActivationInput: ExpressibleByArgument {
    let path: String
    let key: String

    init?(argument: String) {
        // A file whose own name has a # in it is meant whole.
        guard let sign = argument.lastIndex(of: "#"), !FileManager.default.fileExists(atPath: argument) else {
            path = argument
            key = "input"
            return
        }
        path = String(argument[..<sign])
        key = String(argument[argument.index(after: sign)...])
        if path.isEmpty || key.isEmpty { return nil }
    }
}

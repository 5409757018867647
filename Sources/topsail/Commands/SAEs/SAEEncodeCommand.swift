import ArgumentParser
import Foundation
import TopsailCore
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
              topsail sae encode --sae ae.pt --option k=200 --input patches.npy --output features.safetensors
            The input is a safetensors, npz, npy or PyTorch file, from whatever model. The output has features
            [tokens, d_sae] and, if there is a decoder, reconstruction [tokens, d_out] in fp32. Architectures that look at
            several tokens together take the rows as one text, in order.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var overrides: SAEOverrides
    @Option(help: "An SAE of the workspace, or a checkpoint file or folder.", completion: .file()) var sae: String
    @Option(
        help: ArgumentHelp(
            "Activations [tokens, d] or [tokens, heads, d_head]; KEY is input unless given, or the only tensor.",
            valueName: "file#key"))
    var input: ActivationInput
    @Option(help: "The safetensors file to write.", completion: .file()) var output: String

    func run() async throws {
        let sae = try overrides.open(sae, in: common.place)
        let activations = try ActivationFile(path: input.path, key: input.key)
        guard activations.width == sae.info.dIn else {
            throw CommandFailure(
                "\(activations.key) in \(input.path) has rows of \(activations.width), but \(sae.info.name) reads rows of \(sae.info.dIn)",
                hint: "name another tensor with \(input.path)#KEY; topsail tensors lists them")
        }
        try Interruption.handled { try write(activations, sae) }
        if common.json {
            StandardOutput.line(
                JSONText.object(["output": output, "tokens": activations.items, "d_sae": sae.info.dSAE]).line)
        }
    }

    /// Encodes blocks of rows, so that dense features never lie in memory for all tokens.
    private func write(_ activations: ActivationFile, _ sae: any SparseAutoencoder) throws {
        let (tokens, dSAE, dOut) = (activations.items, sae.info.dSAE, sae.info.dOut)
        var declarations = [SafetensorsWriter.Declaration("features", .f32, [tokens, dSAE])]
        if sae.info.hasDecoder { declarations.append(.init("reconstruction", .f32, [tokens, dOut])) }
        let writer = try SafetensorsWriter(path: output, tensors: declarations)
        // Where tokens depend on one another they are encoded together.
        let rows = sae.needsWholeSequence ? max(tokens, 1) : max(1, min(256, (1 << 24) / max(dSAE, 1)))
        let values = FloatMatrix(rows: rows, columns: activations.width)
        let reconstruction = FloatMatrix(rows: rows, columns: dOut)
        let progress = ProgressLine(common.progress)
        for start in stride(from: 0, to: tokens, by: rows) {
            try Interruption.check()
            let count = min(rows, tokens - start)
            activations.read(start..<start + count, into: values.pointer)
            let features =
                sae.info.hasDecoder
                ? sae.reconstruct(values.pointer, tokens: count, into: reconstruction.pointer)
                : sae.encode(values.pointer, tokens: count)
            try append(features, dSAE: dSAE, to: writer)
            if sae.info.hasDecoder {
                try writer.append(
                    UnsafeBufferPointer(start: reconstruction.pointer, count: count * dOut), to: "reconstruction")
            }
            progress.show("\(start + count) of \(tokens) tokens")
        }
        try writer.finish()
    }

    private func append(_ features: [[ActiveFeature]], dSAE: Int, to writer: SafetensorsWriter) throws {
        let dense = FloatMatrix(rows: 1, columns: dSAE)
        for row in features {
            for feature in row { dense.pointer[Int(feature.index)] = feature.value }
            try writer.append(UnsafeBufferPointer(start: dense.pointer, count: dSAE), to: "features")
            for feature in row { dense.pointer[Int(feature.index)] = 0 }
        }
    }
}

/// `FILE` or `FILE#KEY`.
struct ActivationInput: ExpressibleByArgument {
    let path: String
    /// `nil` when only a file was named.
    let key: String?

    init?(argument: String) {
        // A file whose own name has a # in it is meant whole.
        guard let sign = argument.lastIndex(of: "#"), !FileManager.default.fileExists(atPath: argument) else {
            path = argument
            key = nil
            return
        }
        path = String(argument[..<sign])
        let name = String(argument[argument.index(after: sign)...])
        key = name
        if path.isEmpty || name.isEmpty { return nil }
    }
}

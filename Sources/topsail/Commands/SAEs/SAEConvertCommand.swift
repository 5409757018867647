import ArgumentParser
import Foundation
import TopsailSAE

/// `topsail sae convert`: a checkpoint of any layout in SAELens layout.
struct SAEConvertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", abstract: "Write an SAE in SAELens layout.",
        discussion: """
            Example: topsail sae convert params.npz --option layer=20 --output layer-20
            Scales that the layout has no words for are folded into the weights, so that features and reconstructions stay as
            they are. What cannot be expressed so is refused by name.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var overrides: SAEOverrides
    @Argument(help: "An SAE of the workspace, or a checkpoint file or folder.", completion: .file()) var sae: String
    @Option(help: "The folder to write; it must not hold an SAE yet.", completion: .directory) var output: String
    @Option(help: "The type of the written weights: float32 or float16.") var dtype: WrittenPrecision = .float32

    func run() async throws {
        let sae = try overrides.open(sae, in: common.place)
        guard !FileManager.default.fileExists(atPath: "\(output)/cfg.json") else {
            throw CommandFailure("\(output) holds an SAE already", hint: "name another folder")
        }
        try SAELensWriter(precision: dtype.precision).write(sae, to: output)
        let written = try SAELoader.open(path: output).info
        if common.json {
            StandardOutput.line(
                JSONText.object(["output": output, "architecture": written.architecture.rawValue]).line)
        } else {
            StandardOutput.line("wrote \(output): \(written.architecture.rawValue), \(written.dSAE) neurons")
        }
    }
}

/// `float32` or `float16`.
enum WrittenPrecision: String, ExpressibleByArgument, CaseIterable {
    case float32, float16

    var precision: SAELensWriter.Precision { self == .float32 ? .float32 : .float16 }
}

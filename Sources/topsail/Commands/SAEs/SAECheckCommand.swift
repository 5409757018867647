import ArgumentParser
import TopsailSAE

/// `topsail sae check`: reads every weight.
struct SAECheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Read all weights of an SAE and report what is wrong with them.",
        discussion: "Example: topsail sae check path/to/checkpoint\nExit status 1 when a weight is not finite.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var overrides: SAEOverrides
    @Argument(help: "An SAE of the workspace, or a checkpoint file or folder.", completion: .file()) var sae: String

    func run() async throws {
        // Opening checks names, shapes and types.
        let info = try overrides.open(sae, in: common.place).info
        let report = try Interruption.handled {
            try CheckpointReport(
                path: common.place.sae(sae).path, format: overrides.format?.name, options: overrides.values,
                isCancelled: Interruption.check)
        }
        if common.json { StandardOutput.line(document(info, report).line) } else { print(info, report) }
        guard report.isSound else {
            throw CommandFailure("\(info.name) has weights that are not finite: \(Self.damages(report))")
        }
    }

    private func document(_ info: SAEInfo, _ report: CheckpointReport) -> JSONText {
        .object([
            "name": info.name, "d_in": info.dIn, "d_sae": info.dSAE, "tensors": report.tensors,
            "non_finite": JSONText.object(
                report.damages.map { ($0.tensor, JSONText.object(["nan": $0.nan, "infinite": $0.infinite])) }),
            "non_finite_neurons": report.nonFiniteNeurons,
            "decoder_bias_finite": !report.damages.contains { Self.isDecoderBias($0.tensor) },
            "dead_decoder_rows": report.deadRows, "decoder_norm_min": report.norms?.lowerBound,
            "decoder_norm_max": report.norms?.upperBound,
        ])
    }

    private func print(_ info: SAEInfo, _ report: CheckpointReport) {
        Columns.print([
            ["shapes", "\(info.dIn) → \(info.dSAE)\(info.hasDecoder ? " → \(info.dOut)" : "")"],
            ["tensors read", "\(report.tensors)"],
            ["values that are not finite", report.isSound ? "none" : Self.damages(report)],
            ["decoder rows of zeros", info.hasDecoder ? "\(report.deadRows.count)" : "no decoder"],
            [
                "decoder norms",
                report.norms.map { "\(Figures.short($0.lowerBound)) to \(Figures.short($0.upperBound))" } ?? "–",
            ],
        ])
    }

    private static func isDecoderBias(_ tensor: String) -> Bool {
        ["b_dec", "b_D", "decoder.bias", "pre_bias", "decoder_bias"].contains { tensor.hasSuffix($0) }
    }

    private static func damages(_ report: CheckpointReport) -> String {
        report.damages.map { "\($0.tensor) (\($0.nan) NaN, \($0.infinite) infinite)" }.joined(separator: ", ")
    }
}

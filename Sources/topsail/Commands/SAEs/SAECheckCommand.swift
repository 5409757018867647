import ArgumentParser
import TopsailSAE
import TopsailTensor

/// `topsail sae check`: reads every weight.
struct SAECheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Read all weights of an SAE and report what is wrong with them.",
        discussion: "Example: topsail sae check path/to/checkpoint\nExit status 1 when a weight is not finite.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var overrides: SAEOverrides
    @Argument(help: "An SAE of the workspace, or a checkpoint file or folder.") var sae: String

    func run() async throws {
        // Opening checks names, shapes and types.
        let sae = try overrides.open(sae, in: common.place)
        let report = WeightReport(sae)
        if common.json {
            StandardOutput.line(
                JSONText.object([
                    "name": sae.info.name, "d_in": sae.info.dIn, "d_sae": sae.info.dSAE,
                    "non_finite_neurons": report.nonFinite, "decoder_bias_finite": report.hasFiniteBias,
                    "dead_decoder_rows": report.dead, "decoder_norm_min": report.norms.lowerBound,
                    "decoder_norm_max": report.norms.upperBound,
                ]).line)
        } else {
            Columns.print([
                ["shapes", "\(sae.info.dIn) → \(sae.info.dSAE) → \(sae.info.dOut)"],
                [
                    "weights that are not finite",
                    report.nonFinite.isEmpty ? "none" : "\(report.nonFinite.count) neurons",
                ],
                ["decoder rows of zeros", "\(report.dead.count)"],
                [
                    "decoder norms",
                    "\(Figures.short(report.norms.lowerBound)) to \(Figures.short(report.norms.upperBound))",
                ],
            ])
        }
        guard report.nonFinite.isEmpty, report.hasFiniteBias else {
            throw CommandFailure("\(sae.info.name) has weights that are not finite")
        }
    }
}

/// What can be wrong with weights of the right shape.
private struct WeightReport {
    /// Neurons with a NaN or an infinity in their encoder or decoder row.
    var nonFinite: [Int] = []
    /// Neurons whose decoder row is zero: they can fire and write nothing.
    var dead: [Int] = []
    var hasFiniteBias = true
    var norms: ClosedRange<Float> = 0...0

    init(_ sae: any SparseAutoencoder) {
        var smallest = Float.infinity
        var largest: Float = 0
        for index in 0..<sae.info.dSAE {
            let row = sae.decoderRow(index)
            guard row.allSatisfy(\.isFinite), sae.encoderRow(index).allSatisfy(\.isFinite) else {
                nonFinite.append(index)
                continue
            }
            let norm = row.baseAddress.map { LinearAlgebra.norm($0, count: row.count) } ?? 0
            if norm == 0 { dead.append(index) }
            smallest = min(smallest, norm)
            largest = max(largest, norm)
        }
        if smallest <= largest { norms = smallest...largest }
        // Decoding nothing leaves the bias.
        let bias = FloatMatrix(rows: 1, columns: sae.info.dOut)
        sae.decode([], into: bias.pointer)
        hasFiniteBias = bias.row(0).allSatisfy(\.isFinite)
    }
}

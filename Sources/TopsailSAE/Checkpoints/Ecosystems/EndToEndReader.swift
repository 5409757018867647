import Foundation
import TopsailCore

/// Reads end-to-end SAEs (ApolloResearch/e2e_sae): `samples_N.pt`, a state dict with `<hook with - for .>.encoder.0.weight`,
/// `.encoder.0.bias`, `.decoder.weight`, `.decoder.bias` for each position. ReLU, nothing subtracted; decoder columns are
/// brought to unit length at use.
enum EndToEndReader: CheckpointReader {
    static let format = "e2e_sae"
    private static let ending = ".encoder.0.weight"

    static func recognises(_ checkpoint: Checkpoint) -> Bool { !positions(checkpoint).isEmpty }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let tensors = checkpoint.tensors
        let position = try position(checkpoint)
        let (dSAE, dIn) = try tensors.extents("\(position)\(ending)")
        let matrix = try tensors.transposed("\(position).decoder.weight", rows: dSAE, columns: dIn)
        // torch's normalize divides by no less than 1e-12.
        let norms = NeuronFactors.norms(of: matrix).map { 1 / max($0, 1e-12) }
        let file = try checkpoint.sibling("final_config.yaml", "config.yaml").map { try YAMLFile.read($0) }
        let info = checkpoint.info(
            format, .standard, dIn: dIn, dOut: dIn, dSAE: dSAE, dtype: try tensors.dtype("\(position)\(ending)"),
            hookName: dotted(position), model: try file?.string("tlens_model_name"),
            parameters: ["positions": .list(positions(checkpoint).map { .string(dotted($0)) })])
        return StandardSAE(
            core: LinearCore(
                info: info, input: InputPreparation(),
                encoder: LinearEncoder(
                    matrix: try tensors.matrix("\(position)\(ending)", rows: dSAE, columns: dIn),
                    bias: NeuronFactors(try tensors.vector("\(position).encoder.0.bias", count: dSAE))),
                decoder: LinearDecoder(
                    matrix: matrix, scale: norms,
                    bias: try tensors.optionalVector("\(position).decoder.bias", count: dIn))))
    }

    private static func positions(_ checkpoint: Checkpoint) -> [String] {
        checkpoint.tensors.names.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
    }

    private static func position(_ checkpoint: Checkpoint) throws -> String {
        let all = positions(checkpoint)
        let options = checkpoint.options
        var chosen = all
        if let wanted = options.position {
            chosen = all.filter { dotted($0) == dotted(wanted) || dotted($0).hasSuffix(".\(dotted(wanted))") }
            guard !chosen.isEmpty else {
                throw SAECheckpointError(
                    checkpoint.path,
                    .badValue(
                        key: "option position", expected: "one of \(all.map(dotted).joined(separator: ", "))",
                        found: wanted))
            }
        } else if let layer = options.layer {
            chosen = all.filter { HookNames.layer(dotted($0)) == layer }
        }
        guard chosen.count == 1 else {
            throw SAECheckpointError(
                checkpoint.path, .missingOption("position", example: all.first.map(dotted) ?? "blocks.6.hook_resid_pre")
            )
        }
        return chosen[0]
    }

    /// Module names cannot hold dots, so the files have dashes.
    private static func dotted(_ name: String) -> String {
        let own = name.hasPrefix("saes.") ? String(name.dropFirst(5)) : name
        return own.replacingOccurrences(of: "-", with: ".")
    }
}

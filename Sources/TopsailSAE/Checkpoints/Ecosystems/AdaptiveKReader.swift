import Foundation
import TopsailFiles

/// Reads AdaptiveK (hiyukie/adaptiveK): a dictionary_learning folder with `probe.pt` beside `ae.pt`, and the range of k in
/// `dynamic_config.json` or the trainer's configuration.
enum AdaptiveKReader: CheckpointReader {
    static let format = "adaptivek"

    static func recognises(_ checkpoint: Checkpoint) -> Bool {
        checkpoint.tensors.has("encoder.weight", "b_dec") && checkpoint.sibling("probe.pt") != nil
    }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let reading = try DictionaryLearningReading(checkpoint, format: format)
        let tensors = checkpoint.tensors
        guard let path = checkpoint.sibling("probe.pt") else {
            throw SAECheckpointError(checkpoint.path, .unreadable("there is no probe.pt beside the weights"))
        }
        let (dSAE, dIn) = try tensors.extents("encoder.weight")
        let probe = try ArchiveReader.open(path)
        guard let weight = probe.tensors.first(where: { $0.elementCount == dIn }) else {
            throw SAECheckpointError(path, .missingTensor("weights of \(dIn) inputs"))
        }
        let offset = probe.tensors.first { $0.elementCount == 1 && $0.name != weight.name }
        let range = try range(settings(checkpoint, reading))
        let bias = try tensors.vector("b_dec", count: dIn)
        var info = try reading.info(.adaptiveK, dIn, dSAE, tensors.dtype("encoder.weight"))
        info.parameters["min_k"] = .int(range.lowerBound)
        info.parameters["max_k"] = .int(range.upperBound)
        let core = LinearCore(
            info: info, input: InputPreparation(center: bias),
            encoder: LinearEncoder(
                matrix: try tensors.matrix("encoder.weight", rows: dSAE, columns: dIn),
                bias: NeuronFactors(try tensors.optionalVector("encoder.bias", count: dSAE))),
            decoder: LinearDecoder(
                matrix: try tensors.transposed("decoder.weight", rows: dSAE, columns: dIn), bias: bias))
        return AdaptiveKSAE(
            core: core, probe: try probe.floats(weight.name),
            probeBias: try offset.map { try probe.floats($0.name)[0] } ?? 0, range: range)
    }

    private static func settings(
        _ checkpoint: Checkpoint, _ reading: DictionaryLearningReading
    ) throws -> ConfigurationFile {
        guard let path = checkpoint.sibling("dynamic_config.json") else { return reading.trainer }
        return try ConfigurationFile(path: path)
    }

    /// `min_k … max_k`.
    static func range(_ file: ConfigurationFile) throws -> ClosedRange<Int> {
        let (low, high) = (try file.size("min_k"), try file.size("max_k"))
        guard low <= high else {
            throw SAECheckpointError(
                file.path, .badValue(key: "max_k", expected: "at least min_k \(low)", found: "\(high)"))
        }
        return low...high
    }
}

import Foundation
import TopsailCore
import TopsailFiles
import TopsailTensor

/// Reads SAELens folders: `cfg.json` beside `sae_weights.safetensors`.
enum SAELensReader {
    static let configurationName = "cfg.json"
    static let weightsName = "sae_weights.safetensors"

    static func recognises(folder: String) -> Bool {
        [configurationName, weightsName].allSatisfy { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
    }

    /// - Parameter inputScale: The factor of `expected_average_only_in`, which SAELens keeps in its registry and not in the
    ///   checkpoint; it is folded into the weights.
    static func read(folder: String, name: String, inputScale: Float?) throws -> any SparseAutoencoder {
        let configuration = try SAELensConfiguration(ConfigurationFile(path: "\(folder)/\(configurationName)"))
        let tensors = SAELensTensors(archive: try SafetensorsFile(path: "\(folder)/\(weightsName)"))
        let weights = try readWeights(configuration, tensors)
        if configuration.rescalesByDecoderNorm { weights.foldDecoderNorms() }
        if configuration.expectsAverageNorm, let inputScale { weights.foldInputScale(inputScale) }

        let info = SAEInfo(
            name: name, format: "saelens", architecture: configuration.architecture,
            hook: configuration.hookName.flatMap { HookPoint($0) }, model: configuration.modelName,
            dIn: configuration.dIn, dOut: configuration.dIn, dSAE: configuration.dSAE,
            dtype: try tensors.dtype("W_enc"),
            parameters: configuration.parameters)
        switch configuration.architecture {
        case .topk:
            return TopKSAE(
                info: info, weights: weights, k: configuration.k!, normalization: configuration.normalization,
                appliesDecoderBiasToInput: configuration.appliesDecoderBiasToInput)
        case .standard:
            return StandardSAE(
                info: info, weights: weights, normalization: configuration.normalization,
                appliesDecoderBiasToInput: configuration.appliesDecoderBiasToInput)
        case .jumprelu:
            return JumpReLUSAE(
                info: info, weights: weights, thresholds: try readThresholds(configuration, tensors),
                normalization: configuration.normalization,
                appliesDecoderBiasToInput: configuration.appliesDecoderBiasToInput)
        }
    }

    private static func readWeights(
        _ configuration: SAELensConfiguration, _ tensors: SAELensTensors
    ) throws -> SAEWeights {
        let (dIn, dSAE) = (configuration.dIn, configuration.dSAE)
        // All shapes are checked against the file before memory is taken for any.
        try tensors.check("W_enc", shape: [dIn, dSAE])
        try tensors.check("W_dec", shape: [dSAE, dIn])
        try tensors.check("b_enc", shape: [dSAE])
        try tensors.check("b_dec", shape: [dIn])
        let weights = SAEWeights(dIn: dIn, dSAE: dSAE, dOut: dIn)
        try tensors.readTransposed("W_enc", into: weights.encoder)
        try tensors.read("W_dec", into: weights.decoder)
        try tensors.read("b_enc", into: weights.encoderBias)
        try tensors.read("b_dec", into: weights.decoderBias)
        if tensors.has("scaling_factor") {
            // Versions up to 5: multiplies features on the way out. All ones when unused.
            try tensors.check("scaling_factor", shape: [dSAE])
            weights.scaleDecoderRows(by: try tensors.values("scaling_factor"))
        }
        return weights
    }

    private static func readThresholds(
        _ configuration: SAELensConfiguration, _ tensors: SAELensTensors
    ) throws -> [Float] {
        // Training checkpoints of old runs hold the logarithm.
        if !tensors.has("threshold"), tensors.has("log_threshold") {
            try tensors.check("log_threshold", shape: [configuration.dSAE])
            return try tensors.values("log_threshold").map { Foundation.exp($0) }
        }
        try tensors.check("threshold", shape: [configuration.dSAE])
        return try tensors.values("threshold")
    }
}

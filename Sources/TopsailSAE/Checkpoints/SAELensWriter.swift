import Foundation
import TopsailCore
import TopsailFiles
import TopsailTensor

/// Writes a TopK SAE as a SAELens folder: `cfg.json` beside `sae_weights.safetensors`.
///
/// SAELens 6 opens it with `SAE.load_from_disk`, whatever trained it.
public struct SAELensWriter: Sendable {
    public enum Precision: String, Sendable, Hashable, CaseIterable {
        case float32, float16

        var dtype: DType {
            switch self {
            case .float32: .f32
            case .float16: .f16
            }
        }
    }

    public var precision: Precision
    /// Further entries of the configuration's `metadata`, e.g. how it was trained.
    public var metadata: [String: ConfigurationValue]

    /// The configuration follows the format of this version; a reader takes one without a version for a far older one.
    static let formatVersion = "6.54.12"

    public init(precision: Precision = .float32, metadata: [String: ConfigurationValue] = [:]) {
        self.precision = precision
        self.metadata = metadata
    }

    /// Makes the folder if need be. Weights go first: a folder with `cfg.json` is complete.
    ///
    /// - Throws: When a weight is beyond what fp16 can hold, or the system refuses.
    public func write(_ sae: TopKSAE, to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try writeWeights(sae, to: "\(folder)/\(SAELensReader.weightsName)")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(encoder.encode(configuration(of: sae)), to: "\(folder)/\(SAELensReader.configurationName)")
    }

    private func configuration(of sae: TopKSAE) -> ConfigurationValue {
        var metadata = self.metadata
        metadata["sae_lens_version"] = .string(Self.formatVersion)
        metadata["hook_name"] = hookName(of: sae).map(ConfigurationValue.string) ?? .null
        metadata["model_name"] = sae.info.model.map(ConfigurationValue.string) ?? .null
        return .object([
            "architecture": .string(SAEInfo.Architecture.topk.rawValue),
            "d_in": .int(sae.info.dIn),
            "d_sae": .int(sae.info.dSAE),
            "k": .int(sae.k),
            "dtype": .string(precision.rawValue),
            "device": .string("cpu"),
            "apply_b_dec_to_input": .bool(sae.appliesDecoderBiasToInput),
            "normalize_activations": .string(sae.normalization.rawValue),
            "reshape_activations": sae.info.parameters["reshape_activations"] ?? .string("none"),
            // Norms of the decoder rows, where they mattered, are folded when an SAE is read.
            "rescale_acts_by_decoder_norm": .bool(false),
            "metadata": .object(metadata),
        ])
    }

    private func hookName(of sae: TopKSAE) -> String? {
        guard let hook = sae.info.hook else { return nil }
        return hook.transformerLensName ?? hook.description
    }
}

// MARK: Weights

extension SAELensWriter {
    private func writeWeights(_ sae: TopKSAE, to path: String) throws {
        let (weights, dtype) = (sae.weights, precision.dtype)
        let (dIn, dSAE, dOut) = (weights.dIn, weights.dSAE, weights.dOut)
        let transposed = FloatMatrix(rows: dIn, columns: dSAE)
        let (source, target) = (weights.encoder.pointer, transposed.pointer)
        for neuron in 0..<dSAE {
            for i in 0..<dIn { target[i * dSAE + neuron] = source[neuron * dIn + i] }
        }
        let writer = try SafetensorsWriter(
            path: path,
            tensors: [
                .init("W_dec", dtype, [dSAE, dOut]), .init("W_enc", dtype, [dIn, dSAE]), .init("b_dec", dtype, [dOut]),
                .init("b_enc", dtype, [dSAE]),
            ],
            metadata: ["format": "pt"])
        try append(weights.decoder, as: "W_dec", to: writer, path: path)
        try append(transposed, as: "W_enc", to: writer, path: path)
        try append(weights.decoderBias, as: "b_dec", to: writer, path: path)
        try append(weights.encoderBias, as: "b_enc", to: writer, path: path)
        try writer.finish()
    }

    private func append(
        _ matrix: borrowing FloatMatrix, as name: String, to writer: SafetensorsWriter, path: String
    ) throws {
        switch precision {
        case .float32:
            try writer.append(UnsafeBufferPointer(start: matrix.pointer, count: matrix.count), to: name)
        case .float16:
            let values = matrix.pointer
            guard (0..<matrix.count).allSatisfy({ abs(values[$0]) < Self.halfLimit || !values[$0].isFinite }) else {
                throw SAECheckpointError(path, .notRepresentable(tensor: name, dtype: precision.rawValue))
            }
            var halves = [UInt16](repeating: 0, count: matrix.count)
            HalfPrecision.encode(values, count: matrix.count, into: &halves)
            try halves.withUnsafeBytes { try writer.append($0, to: name) }
        }
    }

    /// From here on values round to infinity.
    private static var halfLimit: Float { 65_520 }
}

import Foundation
import TopsailCore
import TopsailFiles
import TopsailTensor

/// Writes an SAE as a SAELens folder: `cfg.json` beside `sae_weights.safetensors`.
///
/// SAELens 6 opens it with `SAE.load_from_disk`, whatever trained it and whatever layout it came in.
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
    /// - Throws: When the layout cannot express the SAE, a weight is beyond what fp16 can hold, or the system refuses.
    public func write(_ sae: any SparseAutoencoder, to folder: String) throws {
        let form = try SAELensForm(sae, path: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try writeWeights(form, to: "\(folder)/\(SAELensReader.weightsName)")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(encoder.encode(configuration(form)), to: "\(folder)/\(SAELensReader.configurationName)")
    }

    private func configuration(_ form: SAELensForm) -> ConfigurationValue {
        var metadata = form.metadata.merging(self.metadata) { $1 }
        metadata["sae_lens_version"] = .string(Self.formatVersion)
        var values = form.configuration
        values["architecture"] = .string(form.architecture.rawValue)
        values["d_in"] = .int(form.info.dIn)
        values["d_sae"] = .int(form.info.dSAE)
        values["dtype"] = .string(precision.rawValue)
        values["device"] = .string("cpu")
        values["reshape_activations"] = form.info.parameters["reshape_activations"] ?? .string("none")
        values["metadata"] = .object(metadata)
        return .object(values)
    }
}

// MARK: Weights

extension SAELensWriter {
    private func writeWeights(_ form: SAELensForm, to path: String) throws {
        let writer = try SafetensorsWriter(
            path: path, tensors: form.tensors.map { .init($0.name, precision.dtype, $0.shape) },
            metadata: ["format": "pt"])
        for tensor in form.tensors {
            try tensor.forEachBlock { try append($0, as: tensor.name, to: writer, path: path) }
        }
        try writer.finish()
    }

    private func append(
        _ values: UnsafeBufferPointer<Float>, as name: String, to writer: SafetensorsWriter, path: String
    ) throws {
        switch precision {
        case .float32: try writer.append(values, to: name)
        case .float16:
            guard let start = values.baseAddress else { return }
            guard values.allSatisfy({ abs($0) < Self.halfLimit || !$0.isFinite }) else {
                throw SAECheckpointError(path, .notRepresentable(tensor: name, dtype: precision.rawValue))
            }
            var halves = [UInt16](repeating: 0, count: values.count)
            HalfPrecision.encode(start, count: values.count, into: &halves)
            try halves.withUnsafeBytes { try writer.append($0, to: name) }
        }
    }

    /// From here on values round to infinity.
    private static var halfLimit: Float { 65_520 }
}

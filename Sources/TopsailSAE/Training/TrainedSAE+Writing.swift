import Foundation
import TopsailCore
import TopsailFiles
import TopsailTensor

extension SAELensWriter {
    /// Writes a trained SAE as a folder in SAELens layout. Weights go first: a folder with `cfg.json` is complete.
    ///
    /// - Throws: When a weight is beyond what fp16 can hold, or the system refuses.
    public func write(_ sae: TrainedSAE, hook: HookPoint?, model: String?, to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let names = sae.tensors.keys.sorted()
        let path = "\(folder)/\(SAELensReader.weightsName)"
        let writer = try SafetensorsWriter(
            path: path, tensors: names.map { .init($0, precision.dtype, sae.tensors[$0]!.shape) },
            metadata: ["format": "pt"])
        for name in names { try append(sae[name], as: name, to: writer, path: path) }
        try writer.finish()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let keys = sae.keys.merging(commonKeys(sae, hook: hook, model: model)) { own, _ in own }
        try AtomicFile.write(
            encoder.encode(ConfigurationValue.object(keys)), to: "\(folder)/\(SAELensReader.configurationName)")
    }

    private func commonKeys(_ sae: TrainedSAE, hook: HookPoint?, model: String?) -> [String: ConfigurationValue] {
        var metadata = self.metadata.merging(sae.trainingMetadata) { own, _ in own }
        metadata["sae_lens_version"] = .string(Self.formatVersion)
        metadata["hook_name"] = hook.map { .string($0.transformerLensName ?? $0.description) } ?? .null
        metadata["model_name"] = model.map(ConfigurationValue.string) ?? .null
        return [
            "d_in": .int(sae.configuration.dIn),
            "d_sae": .int(sae.configuration.dSAE),
            "dtype": .string(precision.rawValue),
            "device": .string("cpu"),
            "apply_b_dec_to_input": .bool(true),
            "normalize_activations": .string("none"),
            "reshape_activations": .string("none"),
            "metadata": .object(metadata),
        ]
    }

    private func append(_ values: [Float], as name: String, to writer: SafetensorsWriter, path: String) throws {
        switch precision {
        case .float32: try values.withUnsafeBufferPointer { try writer.append($0, to: name) }
        case .float16:
            guard values.allSatisfy({ Float16($0).isFinite }) else {
                throw SAECheckpointError(path, .notRepresentable(tensor: name, dtype: precision.rawValue))
            }
            var halves = [UInt16](repeating: 0, count: values.count)
            HalfPrecision.encode(values, count: values.count, into: &halves)
            try halves.withUnsafeBytes { try writer.append($0, to: name) }
        }
    }
}

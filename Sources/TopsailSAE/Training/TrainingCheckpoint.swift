import Foundation
import TopsailFiles
import TopsailTensor

/// The whole state of a trainer as one safetensors file, so that training goes on as if it had never stopped.
///
/// The weights, Adam's moments, when each neuron last fired, and in the metadata the configuration, the input scale and the
/// number of steps; the position in the stream of activations follows from those.
public enum TrainingCheckpoint {
    private enum Key {
        static let configuration = "topsail.training"
        static let inputScale = "topsail.input_scale"
        static let step = "topsail.step"
        static let scalars = "topsail.scalars"
        static let lastFired = "last_fired"
    }

    /// Written beside and renamed: the file is the old checkpoint or the new one, never a part.
    public static func save(_ trainer: SAETrainer, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let metadata = [
            Key.configuration: String(decoding: try encoder.encode(trainer.configuration), as: UTF8.self),
            Key.inputScale: "\(trainer.inputScale)",
            Key.step: "\(trainer.step)",
            Key.scalars: String(decoding: try encoder.encode(trainer.scalars), as: UTF8.self),
        ]
        let tensors = trainer.namedTensors.map { SafetensorsWriter.Declaration($0.name, .f32, $0.shape) }
        let writer = try SafetensorsWriter(
            path: path, tensors: tensors + [.init(Key.lastFired, .i64, [trainer.lastFired.count])], metadata: metadata)
        for tensor in trainer.namedTensors {
            try writer.append(UnsafeBufferPointer(start: tensor.pointer, count: tensor.count), to: tensor.name)
        }
        try trainer.lastFired.map { Int64($0).littleEndian }.withUnsafeBytes {
            try writer.append($0, to: Key.lastFired)
        }
        try writer.finish()
    }

    /// - Parameter configuration: What the run is to be; the checkpoint must have been made with the same.
    /// - Throws: `TrainingError.otherRun` when it was not; `badCheckpoint` or a file error when it cannot be read.
    public static func load(path: String, configuration: TrainingConfiguration) throws -> SAETrainer {
        let file = try SafetensorsFile(path: path)
        func bad(_ problem: String) -> TrainingError { .badCheckpoint(path: path, problem: problem) }
        guard let text = file.metadata.string(Key.configuration),
            let stored = try? JSONDecoder().decode(TrainingConfiguration.self, from: Data(text.utf8))
        else { throw bad("its configuration is missing or cannot be read") }
        guard stored == configuration else {
            throw TrainingError.otherRun(path: path, difference: difference(stored, configuration))
        }
        guard let scale = file.metadata.string(Key.inputScale).flatMap(Float.init), scale > 0, scale.isFinite,
            let step = file.metadata.string(Key.step).flatMap({ Int($0) }),
            (0...configuration.totalSteps).contains(step)
        else { throw bad("its input scale or its step is missing") }
        guard let text = file.metadata.string(Key.scalars),
            let scalars = try? JSONDecoder().decode([String: Double].self, from: Data(text.utf8))
        else { throw bad("its running values are missing") }

        try configuration.validate()
        let trainer = SAETrainer(configuration, inputScale: scale)
        for tensor in trainer.namedTensors {
            guard let info = file.info(tensor.name), info.dtype == .f32, info.shape == tensor.shape,
                let source = file.bytes(of: info).baseAddress
            else { throw bad("the tensor \(tensor.name) is missing or is not of type F32 and shape \(tensor.shape)") }
            Dequantize.row(source, type: .f32, count: tensor.count, into: tensor.pointer)
        }
        let lastFired = try file.integers(Key.lastFired)
        guard lastFired.count == configuration.dSAE else {
            throw bad("\(Key.lastFired) has \(lastFired.count) entries")
        }
        trainer.lastFired = lastFired
        trainer.scalars = scalars
        trainer.step = step
        return trainer
    }

    /// The first setting in which two configurations differ, in words.
    private static func difference(_ stored: TrainingConfiguration, _ wanted: TrainingConfiguration) -> String {
        for (a, b) in zip(Mirror(reflecting: stored).children, Mirror(reflecting: wanted).children) {
            let (found, expected) = ("\(a.value)", "\(b.value)")
            if found != expected { return "\(a.label ?? "a setting") is \(found) there and \(expected) now" }
        }
        return "the settings differ"
    }
}

extension SAETrainer {
    /// Everything that Adam changes, under the names of the checkpoint.
    fileprivate var namedTensors: [NamedTensor] { parameters.flatMap(NamedTensor.all) }

    /// What changes besides.
    fileprivate var scalars: [String: Double] {
        get {
            objective.scalars.merging(["log_sparsity": logSparsity, "sparsity_excess": sparsityExcess]) { $1 }
        }
        set {
            objective.scalars = newValue
            logSparsity = newValue["log_sparsity"] ?? 0
            sparsityExcess = newValue["sparsity_excess"] ?? 0
        }
    }
}

/// One matrix of a trainer; valid while the trainer lives.
private struct NamedTensor {
    var name: String
    var shape: [Int]
    var pointer: UnsafeMutablePointer<Float>
    var count: Int { shape.reduce(1, *) }

    static func all(_ parameter: TrainedParameter) -> [NamedTensor] {
        let (name, shape) = (parameter.name, [parameter.values.rows, parameter.values.columns])
        return [
            NamedTensor(name: name, shape: shape, pointer: parameter.values.pointer),
            NamedTensor(name: "\(name).adam_m", shape: shape, pointer: parameter.first.pointer),
            NamedTensor(name: "\(name).adam_v", shape: shape, pointer: parameter.second.pointer),
        ]
    }
}

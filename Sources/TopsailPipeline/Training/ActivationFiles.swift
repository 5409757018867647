import Foundation
import TopsailCore
import TopsailFiles
import TopsailModel

/// The activations that SAEs are trained and tested on, on disk.
struct ActivationFiles {
    let folder: String

    var training: String { folder + "/train.safetensors" }
    var heldOut: String { folder + "/heldout.safetensors" }
    private var stampPath: String { folder + "/stamp.json" }

    /// What decides the files' content.
    private struct Stamp: Codable, Equatable {
        var model: String
        var hook: HookPoint
        var documents: Int
        var corpus: UInt64
        var scope: CountedTokens?
    }

    /// Computes the activations, unless those of this model, hook point and corpus are there already.
    func prepare(
        _ texts: [CorpusText], options: SAETraining.Options, model: LanguageModel, isCancelled: () -> Bool,
        progress: (Int, Int) -> Void
    ) throws {
        let stamp = Stamp(
            model: model.configuration.name, hook: options.hook, documents: texts.count,
            corpus: texts.reduce(0) { StableHash.combine($0, StableHash.of($1.text)) },
            scope: options.scope == .ordinary ? nil : options.scope)
        let manager = FileManager.default
        if let data = manager.contents(atPath: stampPath), let old = try? JSONDecoder().decode(Stamp.self, from: data),
            old == stamp, manager.fileExists(atPath: training), manager.fileExists(atPath: heldOut)
        {
            return
        }
        try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // A stamp stands for complete files only.
        if manager.fileExists(atPath: stampPath) { try manager.removeItem(atPath: stampPath) }
        _ = try ActivationHarvest(hook: options.hook).write(
            try CorpusReading.read(texts, with: model, scope: options.scope), model: model, trainingPath: training,
            heldOutPath: heldOut,
            isCancelled: isCancelled, progress: progress)
        try AtomicFile.write(JSONEncoder().encode(stamp), to: stampPath)
    }
}

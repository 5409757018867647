import Foundation
import TopsailCore
import TopsailFiles
import TopsailModel

/// The activations of one hook point that SAEs are trained and tested on, on disk.
package struct ActivationFiles {
    package let hook: HookPoint
    package let folder: String

    /// - Parameter parent: Gets a folder for each hook point.
    package init(_ hook: HookPoint, in parent: String) {
        self.hook = hook
        folder = "\(parent)/\(hook)"
    }

    package var training: String { folder + "/train.safetensors" }
    package var heldOut: String { folder + "/heldout.safetensors" }
    private var stampPath: String { folder + "/stamp.json" }
    private var journalPath: String { folder + "/harvest.json" }
    private var target: ActivationHarvest.Target {
        ActivationHarvest.Target(hook: hook, trainingPath: training, heldOutPath: heldOut)
    }

    /// What decides the files' content.
    private struct Stamp: Codable, Equatable {
        var model: String
        var hook: HookPoint
        var documents: Int
        var corpus: UInt64
        var scope: CountedTokens

        init(_ hook: HookPoint, _ texts: [CorpusText], _ scope: CountedTokens, _ model: LanguageModel) {
            self.model = model.configuration.name
            self.hook = hook
            documents = texts.count
            corpus = texts.reduce(0) { StableHash.combine($0, StableHash.of($1.text)) }
            self.scope = scope
        }
    }

    /// How far a harvest has come that is not finished.
    private struct Journal: Codable {
        var stamp: Stamp
        /// Chunks whose rows are on disk.
        var chunks: Int
    }

    /// Whether a harvest finished here.
    var areComplete: Bool { FileManager.default.fileExists(atPath: stampPath) }

    private func holds(_ stamp: Stamp) -> Bool {
        let manager = FileManager.default
        guard let data = manager.contents(atPath: stampPath),
            let old = try? JSONDecoder().decode(Stamp.self, from: data)
        else { return false }
        return old == stamp && manager.fileExists(atPath: training) && manager.fileExists(atPath: heldOut)
    }

    /// Chunks that a harvest of the same content brought to disk before it was ended.
    private func chunksDone(_ stamp: Stamp) -> Int {
        guard let data = FileManager.default.contents(atPath: journalPath),
            let journal = try? JSONDecoder().decode(Journal.self, from: data), journal.stamp == stamp
        else { return 0 }
        return max(journal.chunks, 0)
    }

    /// Computes the activations of the hook points whose files are not there already, all in one pass of the model. A harvest that
    /// was ended goes on.
    package static func prepare(
        _ files: [ActivationFiles], _ texts: [CorpusText], scope: CountedTokens, model: LanguageModel,
        harvest: ActivationHarvest = ActivationHarvest(), isCancelled: () -> Bool = { false },
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws {
        let missing = files.map { ($0, Stamp($0.hook, texts, scope, model)) }.filter { !$0.holds($1) }
        guard !missing.isEmpty else { return }
        let manager = FileManager.default
        for (file, _) in missing {
            try manager.createDirectory(atPath: file.folder, withIntermediateDirectories: true)
            // A stamp stands for complete files only.
            if manager.fileExists(atPath: file.stampPath) { try manager.removeItem(atPath: file.stampPath) }
        }
        _ = try harvest.write(
            CorpusReading.read(texts, with: model, scope: scope), model: model, targets: missing.map(\.0.target),
            goingOnFrom: missing.map { $0.chunksDone($1) }.min() ?? 0, isCancelled: isCancelled,
            reached: { chunks in
                for (file, stamp) in missing {
                    let journal = Journal(stamp: stamp, chunks: chunks)
                    try AtomicFile.write(JSONEncoder().encode(journal), to: file.journalPath)
                }
            }, progress: progress)
        for (file, stamp) in missing {
            try AtomicFile.write(JSONEncoder().encode(stamp), to: file.stampPath)
            // Where there was nothing to read there is none.
            if manager.fileExists(atPath: file.journalPath) { try manager.removeItem(atPath: file.journalPath) }
        }
    }
}

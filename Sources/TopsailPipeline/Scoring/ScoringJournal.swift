import Foundation
import TopsailCore
import TopsailTensor

/// Every result of scoring as a line of JSON: scores as the catalog has them, and failures with their reasons, which are no
/// scores and not in the catalog.
public final class ScoringJournal {
    private struct Line: Encodable {
        var neuron: String
        var source: String
        var scorer: String
        var testSet: String
        var value: Double?
        var low: Double?
        var high: Double?
        var samples: Int?
        var details: String?
        var failure: String?

        private enum CodingKeys: String, CodingKey {
            case neuron, source, scorer, value, low, high, samples, details, failure
            case testSet = "test_set"
        }
    }

    private let file: FileHandle

    /// - Throws: `PipelineError.unwritable`.
    public init(path: String) throws {
        let isThere =
            FileManager.default.fileExists(atPath: path)
            || FileManager.default.createFile(atPath: path, contents: nil)
        guard isThere, let file = FileHandle(forWritingAtPath: path) else { throw PipelineError.unwritable(path: path) }
        try file.seekToEnd()
        self.file = file
    }

    deinit { try? file.close() }

    /// Adds a line.
    public func note(_ entry: ScoringRun.Entry, testSet: String) throws {
        let score = entry.result.score
        try file.write(
            contentsOf: JSONLines.line(
                Line(
                    neuron: entry.id.description, source: entry.source, scorer: entry.name, testSet: testSet,
                    value: score?.value, low: score?.low, high: score?.high, samples: score?.samples,
                    details: score?.details, failure: entry.result.failure)))
    }
}

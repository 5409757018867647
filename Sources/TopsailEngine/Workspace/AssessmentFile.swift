import Foundation
import TopsailAnalysis
import TopsailFiles

/// Where a workspace keeps what turns firing neurons into category scores.
public struct AssessmentFile: Sendable, Hashable {
    public let path: String

    public init(path: String) { self.path = path }

    public var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// - Throws: `WorkspaceError.noAssessment` or `damagedAssessment`.
    public func read() throws(WorkspaceError) -> AssessmentModel {
        guard let data = FileManager.default.contents(atPath: path) else { throw .noAssessment(path: path) }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let model = try? decoder.decode(AssessmentModel.self, from: data), model.isConsistent else {
            throw .damagedAssessment(path: path)
        }
        return model
    }

    public func write(_ model: AssessmentModel) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(try encoder.encode(model) + Data("\n".utf8), to: path)
    }
}

extension Workspace {
    public var assessment: AssessmentFile { AssessmentFile(path: root + "/assessment.json") }
}

extension AssessmentModel {
    /// Whether this program can read it, and every term names a neuron that is listed.
    fileprivate var isConsistent: Bool {
        version == Self.currentVersion
            && categories.allSatisfy { $0.terms.allSatisfy { neurons.indices.contains($0.neuron) } }
    }
}

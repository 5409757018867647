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
        guard let model = AssessmentModel(encoded: data) else { throw .damagedAssessment(path: path) }
        return model
    }

    public func write(_ model: AssessmentModel) throws { try AtomicFile.write(model.encoded(), to: path) }
}

extension Workspace {
    public var assessment: AssessmentFile { AssessmentFile(path: root + "/assessment.json") }
}

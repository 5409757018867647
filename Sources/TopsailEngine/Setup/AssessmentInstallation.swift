import Foundation
import TopsailFiles

/// Copies the shipped assessment into a workspace. One that a person calibrated stays.
struct AssessmentInstallation {
    let workspace: Workspace
    let data: BundledData

    private let key = "assessment.json"

    init(workspace: Workspace, data: BundledData) {
        self.workspace = workspace
        self.data = data
    }

    /// - Returns: `nil` where none is shipped.
    func run(_ record: inout WorkspaceRecord) throws -> Setup.Step? {
        guard data.assessment.exists else { return nil }
        var step = Setup.Step(
            part: .assessment, name: "assessment", path: workspace.assessment.path, outcome: .present)
        let previous = record.installed[key]
        let shipped = try WorkspaceRecord.Installed.describing(data.assessment.path, previous: previous)
        if workspace.assessment.exists {
            let present = try SHA256File.hexDigest(path: workspace.assessment.path)
            if present == shipped.sha256 {
                if previous == shipped { return step }
            } else if present != previous?.sha256 {
                step.outcome = .kept
                step.note = "it was calibrated here and differs from the shipped one"
                return step
            } else {
                try copy()
                step.outcome = .installed
            }
        } else {
            try copy()
            step.outcome = .installed
        }
        record.installed[key] = shipped
        try record.write(workspace.recordPath)
        return step
    }

    private func copy() throws {
        try AtomicFile.write(
            Data(contentsOf: URL(fileURLWithPath: data.assessment.path)), to: workspace.assessment.path)
    }
}

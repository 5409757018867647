import Foundation
import TopsailFiles

/// Copies one shipped SAE into a workspace.
struct SAEInstallation {
    let sae: WorkspaceSAE
    let workspace: Workspace

    private var destination: String { "\(workspace.saesFolder)/\(sae.name)" }
    private var key: String { "saes/\(sae.name)" }

    func run(_ record: inout WorkspaceRecord) throws -> Setup.Step {
        var step = Setup.Step(part: .sae, name: sae.name, path: destination, outcome: .present)
        let previous = record.installed[key]
        let shipped = try WorkspaceRecord.Installed.describing(weights(in: sae.path), previous: previous)
        let isThere = FileManager.default.fileExists(atPath: weights(in: destination))
        if isThere, previous?.sha256 == shipped.sha256 {
            if previous == shipped { return step }
        } else if isThere, previous == nil, try SHA256File.hexDigest(path: weights(in: destination)) != shipped.sha256 {
            step.outcome = .kept
            step.note = "it was not installed by setup and differs from the shipped one"
            return step
        } else if !isThere || previous != nil {
            try copy()
            step.outcome = .installed
        }
        record.installed[key] = shipped
        try record.write(workspace.recordPath)
        return step
    }

    private func weights(in folder: String) -> String { folder + "/sae_weights.safetensors" }

    /// The folder appears whole under its name; an older one of that name makes way.
    private func copy() throws {
        let beside = "\(workspace.saesFolder)/.\(sae.name).partial-\(getpid())"
        let old = beside + ".old"
        defer {
            try? FileManager.default.removeItem(atPath: beside)
            try? FileManager.default.removeItem(atPath: old)
        }
        do {
            try FileManager.default.copyItem(atPath: sae.path, toPath: beside)
            if FileManager.default.fileExists(atPath: destination) {
                try FileManager.default.moveItem(atPath: destination, toPath: old)
            }
            try FileManager.default.moveItem(atPath: beside, toPath: destination)
        } catch {
            throw SetupError.cannotInstall(path: destination, why: error.systemReason)
        }
    }
}

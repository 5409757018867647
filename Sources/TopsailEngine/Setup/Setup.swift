import Foundation
import TopsailCatalog

/// Fills a workspace: the shipped SAEs and catalog, and a model.
///
/// Each step leaves either what was there or the whole new thing, and does nothing where nothing is to be done; the second
/// run needs no network and reads no large file.
public struct Setup {
    /// What became of one part of the workspace.
    public enum Outcome: String, Sendable, Hashable {
        /// It was not there, or only an older shipped one.
        case installed
        /// It was there already.
        case present
        /// What is there is a person's work and differs from what is shipped; it stays.
        case kept
        /// It is missing, and could not be had without the network.
        case missing
    }

    /// One part of the workspace.
    public struct Step: Sendable, Hashable {
        public enum Part: String, Sendable, Hashable {
            case workspace, sae, catalog, assessment, model
        }

        public var part: Part
        public var name: String
        public var path: String?
        public var outcome: Outcome
        /// Something a person should know, in a sentence.
        public var note: String?
    }

    public let workspace: Workspace
    public let data: BundledData?
    /// Never goes to the network.
    public var isOffline = false
    /// A GGUF file to use as the default model instead of fetching one.
    public var modelFile: String?
    /// Told what is being done, for a person to read.
    public var progress: (SetupProgress) -> Void = { _ in }
    public var isCancelled: () -> Bool = { false }

    public init(workspace: Workspace, data: BundledData?) {
        self.workspace = workspace
        self.data = data
    }

    /// Does what is left to do.
    ///
    /// - Throws: `WorkspaceError`, `SetupError`, `CatalogError`, or what a file reader throws; steps done before stay done.
    public func run() throws -> [Step] {
        let isNew = !workspace.exists
        try workspace.create()
        var record = try WorkspaceRecord.read(workspace.recordPath)
        var steps = [
            Step(part: .workspace, name: "workspace", path: workspace.root, outcome: isNew ? .installed : .present)
        ]
        for sae in data?.saes ?? [] {
            try checkCancellation()
            steps.append(try SAEInstallation(sae: sae, workspace: workspace).run(&record))
        }
        try checkCancellation()
        steps.append(try CatalogInstallation(workspace: workspace, data: data).run(&record))
        if let data, let step = try AssessmentInstallation(workspace: workspace, data: data).run(&record) {
            steps.append(step)
        }
        try checkCancellation()
        let model = ModelInstallation(
            workspace: workspace, isOffline: isOffline, file: modelFile, progress: progress, isCancelled: isCancelled)
        steps.append(try model.run(&record))
        return steps
    }

    private func checkCancellation() throws {
        if isCancelled() { throw CancellationError() }
    }
}

/// How far a download has come.
public struct SetupProgress: Sendable, Hashable {
    public var what: String
    public var bytes: Int
    public var totalBytes: Int
}

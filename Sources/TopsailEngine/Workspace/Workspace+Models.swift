import Foundation

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

    static let modelSuffix = ".gguf"

    private static func modelName(_ file: String) -> String {
        file.hasSuffix(modelSuffix) ? String(file.dropLast(modelSuffix.count)) : file
    }
}

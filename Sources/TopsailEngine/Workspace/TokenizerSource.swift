import Foundation
import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailTokenizer

/// A tokenizer with the chat template that belongs to it, without the model's weights.
public struct TokenizerSource: Sendable {
    public let tokenizer: any TextTokenizer
    /// The file it was read from.
    public let path: String
    private let template: @Sendable () throws -> ChatTemplateFile?

    /// Opens what a person names: a model of the workspace, a GGUF file (weights are not needed), a `tokenizer.json`, or a
    /// folder that holds one. `nil` is the workspace's default model.
    ///
    /// - Throws: `WorkspaceError`, `TokenizerError` or `FileFormatError`.
    public static func open(_ name: String?, in workspace: Workspace) throws -> TokenizerSource {
        var path = try workspace.modelPath(name)
        if FileManager.default.isFolder(path) { path += "/tokenizer.json" }
        if path.hasSuffix(".json") {
            guard FileManager.default.fileExists(atPath: path) else {
                throw FileFormatError(path: path, reason: .unreadable(errno: ENOENT))
            }
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            return TokenizerSource(
                tokenizer: try TokenizerLoader.load(tokenizerJSON: path), path: path,
                template: { try ChatTemplateFile(folder: folder) })
        }
        let file = try GGUFFile(path: path)
        let tokenizer = try TokenizerLoader.load(gguf: file)
        let template = ChatTemplateFile(gguf: file, tokenizer: tokenizer)
        return TokenizerSource(tokenizer: tokenizer, path: path, template: { template })
    }

    /// The chat template, or the error that says why there is none.
    ///
    /// - Throws: `ModelError.noChatTemplate`, or the `ChatTemplateError` that keeps the template from being read.
    public func requireChatTemplate() throws -> ChatTemplate {
        guard let file = try template() else {
            throw ModelError.noChatTemplate(model: URL(fileURLWithPath: path).lastPathComponent)
        }
        return try file.template()
    }
}

import Foundation
import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailTokenizer

/// A tokenizer with the chat template that belongs to it, without the model's weights.
public struct TokenizerSource: Sendable {
    public let tokenizer: any TextTokenizer
    /// The file or folder it was read from.
    public let path: String
    private let template: @Sendable () throws -> ChatTemplateFile?

    /// Opens what a person names: a model of the workspace, a GGUF file (weights are not needed), a `tokenizer.json`,
    /// `tokenizer.model` or tiktoken file, or a folder that holds one. `nil` is the workspace's default model.
    ///
    /// - Throws: `WorkspaceError`, `TokenizerError` or `FileFormatError`.
    public static func open(_ name: String?, in workspace: Workspace) throws -> TokenizerSource {
        let path = try workspace.modelPath(name)
        if let tokenizer = try tokenizer(at: path) {
            let isFolder = FileManager.default.isFolder(path)
            let folder = isFolder ? path : URL(fileURLWithPath: path).deletingLastPathComponent().path
            return TokenizerSource(
                tokenizer: tokenizer, path: path, template: { try ChatTemplateFile(folder: folder) })
        }
        let file = try GGUFFile(path: path)
        let tokenizer = try TokenizerLoader.load(gguf: file)
        let template = ChatTemplateFile(gguf: file, tokenizer: tokenizer)
        return TokenizerSource(tokenizer: tokenizer, path: path, template: { template })
    }

    /// The tokenizer of a folder or of a file of its own; `nil` for a model file.
    private static func tokenizer(at path: String) throws -> (any TextTokenizer)? {
        if FileManager.default.isFolder(path) { return try TokenizerLoader.load(folder: path) }
        if path.hasSuffix(".json") { return try TokenizerLoader.load(tokenizerJSON: path) }
        if path.hasSuffix(".model") || path.hasSuffix(".tiktoken") { return try TokenizerLoader.load(model: path) }
        return nil
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

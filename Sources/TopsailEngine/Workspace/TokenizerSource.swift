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

    /// How turns are written when they are asked for, where there is no template and the vocabulary has a family's turn tokens.
    public func chatConvention() throws -> ChatConvention? {
        try template() == nil ? ChatConvention.of(tokenizer) : nil
    }

    /// The chat template, that of the convention where there is none, or the error that says why there is neither.
    ///
    /// - Throws: `ModelError.noChatTemplate`, or the `ChatTemplateError` that keeps the template from being read.
    public func requireChatTemplate() throws -> ChatTemplate {
        if let file = try template() { return try file.template() }
        guard let convention = ChatConvention.of(tokenizer) else {
            throw ModelError.noChatTemplate(model: URL(fileURLWithPath: path).lastPathComponent)
        }
        return try convention.template(tokenizer)
    }
}

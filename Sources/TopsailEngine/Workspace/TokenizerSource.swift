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
    private let template: String?

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
            return TokenizerSource(
                tokenizer: try TokenizerLoader.load(tokenizerJSON: path), path: path, template: template(besides: path))
        }
        let file = try GGUFFile(path: path)
        return TokenizerSource(
            tokenizer: try TokenizerLoader.load(gguf: file), path: path,
            template: file.metadata.string("tokenizer.chat_template"))
    }

    /// The chat template, or the error that says why there is none.
    public func requireChatTemplate() throws(ModelError) -> ChatTemplate {
        let name = URL(fileURLWithPath: path).lastPathComponent
        guard let template else { throw .noChatTemplate(model: name) }
        guard let recognised = ChatTemplate(recognising: template) else { throw .unsupportedChatTemplate(model: name) }
        return recognised
    }

    /// Hugging Face keeps the template in a file of its own, or in `tokenizer_config.json`.
    private static func template(besides path: String) -> String? {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        if let text = try? String(contentsOf: folder.appendingPathComponent("chat_template.jinja"), encoding: .utf8) {
            return text
        }
        struct Configuration: Decodable {
            var chat_template: String?
        }
        guard let data = try? Data(contentsOf: folder.appendingPathComponent("tokenizer_config.json")) else {
            return nil
        }
        return (try? JSONDecoder().decode(Configuration.self, from: data))?.chat_template
    }
}

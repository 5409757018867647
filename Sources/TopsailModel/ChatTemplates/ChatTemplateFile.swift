import Foundation
import TopsailFiles
import TopsailTokenizer

/// A chat template where a model keeps it, not parsed yet, with the texts of the tokens that it may write.
public struct ChatTemplateFile: Sendable {
    public var source: String
    public var bos: String?
    public var eos: String?

    public init(source: String, bos: String?, eos: String?) {
        self.source = source
        self.bos = bos
        self.eos = eos
    }

    /// The template in a GGUF file's settings; `nil` when there is none.
    public init?(gguf: GGUFFile, tokenizer: any TextTokenizer) {
        guard let source = gguf.metadata.string("tokenizer.chat_template") else { return nil }
        self.init(source: source, bos: tokenizer.bos.map(tokenizer.text), eos: tokenizer.eos.map(tokenizer.text))
    }

    /// The template in a Hugging Face folder; `nil` when there is none.
    ///
    /// It is in `chat_template.jinja`, else in `tokenizer_config.json`, else in `chat_template.json`: a text, or texts under
    /// names of which `default` is taken. The tokens are in `tokenizer_config.json`, else in `special_tokens_map.json`.
    ///
    /// - Throws: `unreadable` or `noDefault`.
    public init?(folder: String) throws(ChatTemplateError) {
        let folder = ChatTemplateFolder(path: folder)
        let configuration = try folder.document("tokenizer_config.json")?.root
        guard let source = try folder.template(configuration) else { return nil }
        let tokens = try folder.document("special_tokens_map.json")?.root
        func token(_ name: String) -> String? {
            for case let node? in [configuration?[name], tokens?[name]] {
                if let text = node.string ?? node["content"]?.string { return text }
                if node.isNull { return nil }
            }
            return nil
        }
        self.init(source: source, bos: token("bos_token"), eos: token("eos_token"))
    }

    /// The template, parsed.
    public func template() throws(ChatTemplateError) -> ChatTemplate {
        try ChatTemplate(source: source, bos: bos, eos: eos)
    }
}

extension ChatTemplate {
    /// Looks for a template and parses it; `nil` when there is none. A model can be used without its template, so that what
    /// is wrong with it is kept for those who need it.
    static func find(
        _ file: () throws(ChatTemplateError) -> ChatTemplateFile?
    ) -> Result<ChatTemplate, ChatTemplateError>? {
        do {
            return try file().map { .success(try $0.template()) }
        } catch let error as ChatTemplateError {
            return .failure(error)
        } catch {
            return nil
        }
    }
}

/// The files beside a tokenizer that may hold its chat template.
private struct ChatTemplateFolder {
    let path: String

    /// A file's bytes; `nil` when there is no such file.
    private func bytes(_ name: String) throws(ChatTemplateError) -> [UInt8]? {
        let file = path + "/" + name
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        guard let data = FileManager.default.contents(atPath: file) else {
            throw .unreadable(path: file, problem: "the file cannot be read")
        }
        return [UInt8](data)
    }

    func document(_ name: String) throws(ChatTemplateError) -> JSONDocument? {
        guard let bytes = try bytes(name) else { return nil }
        do {
            return try JSONDocument(bytes)
        } catch {
            throw .unreadable(path: path + "/" + name, problem: "\(error.problem) at byte \(error.offset)")
        }
    }

    func template(_ configuration: JSONNode?) throws(ChatTemplateError) -> String? {
        if let bytes = try bytes("chat_template.jinja") {
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw .unreadable(path: path + "/chat_template.jinja", problem: "the file is not UTF-8")
            }
            return text
        }
        if let node = configuration?["chat_template"], !node.isNull {
            return try text(of: node, file: "tokenizer_config.json")
        }
        guard let node = try document("chat_template.json")?.root["chat_template"], !node.isNull else { return nil }
        return try text(of: node, file: "chat_template.json")
    }

    /// A template, or the one named `default` of several.
    private func text(of node: JSONNode, file: String) throws(ChatTemplateError) -> String {
        if let text = node.string { return text }
        var named: [(name: String, text: String)] = []
        for element in node.elements.map({ Array($0) }) ?? [] {
            guard let name = element["name"]?.string, let text = element["template"]?.string else { continue }
            named.append((name, text))
        }
        for member in node.members.map({ Array($0) }) ?? [] {
            guard let name = member.name.string, let text = member.value.string else { continue }
            named.append((name, text))
        }
        if let chosen = named.first(where: { $0.name == "default" }) { return chosen.text }
        let file = path + "/" + file
        guard !named.isEmpty else {
            throw .unreadable(path: file, problem: "chat_template is neither a text nor a list of them")
        }
        throw .noDefault(path: file, names: named.map(\.name))
    }
}

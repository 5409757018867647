import Foundation

/// One turn of a conversation.
public struct ChatMessage: Sendable, Hashable, Codable {
    /// `system`, `user` or `assistant`.
    public var role: String
    public var content: String

    public init(role: String, content: String) {
        self.role = role
        self.content = content
    }
}

/// How a family of models wants a conversation written.
///
/// Templates are recognised by their content. ChatML is supported, with the default system message that a model's own template
/// puts in when the conversation does not begin with one.
public enum ChatTemplate: Sendable, Hashable {
    case chatML(defaultSystem: String?)

    /// Recognises a Jinja chat template; `nil` for a kind that is not supported.
    public init?(recognising template: String) {
        let turn = "<|im_start|>"
        guard template.contains(turn), template.contains("<|im_end|>"), !template.contains("tools") else { return nil }
        self = .chatML(defaultSystem: Self.defaultSystem(in: template))
    }

    /// The text that the template's guard on the first role writes as a literal system turn.
    private static func defaultSystem(in template: String) -> String? {
        let unescaped = template.replacingOccurrences(of: "\\n", with: "\n")
        guard let start = unescaped.range(of: "<|im_start|>system\n"),
            let end = unescaped.range(of: "<|im_end|>", range: start.upperBound..<unescaped.endIndex)
        else { return nil }
        let text = String(unescaped[start.upperBound..<end.lowerBound])
        // A system turn built from an expression is no literal default.
        return text.contains("{{") || text.contains("'") ? nil : text
    }

    /// The conversation as text.
    ///
    /// - Parameter addGenerationPrompt: Ends with the opening of the assistant's turn.
    public func render(_ messages: [ChatMessage], addGenerationPrompt: Bool) -> String {
        switch self {
        case .chatML(let defaultSystem):
            var text = ""
            if let defaultSystem, let first = messages.first, first.role != "system" {
                text += "<|im_start|>system\n\(defaultSystem)<|im_end|>\n"
            }
            for message in messages { text += "<|im_start|>\(message.role)\n\(message.content)<|im_end|>\n" }
            return text + (addGenerationPrompt ? "<|im_start|>assistant\n" : "")
        }
    }
}

import TopsailTokenizer

/// How a family of chat models writes turns, for models that have the family's turn tokens and bring no template: base models,
/// and GGUF files from which the template was dropped.
///
/// The formats are those of the families' model cards: ChatML (Qwen, SmolLM), Gemma, Llama 3.
public struct ChatConvention: Sendable {
    /// What the convention is called.
    public let name: String
    /// Said to the person whose message is rendered so.
    public var notice: String {
        "the model brings no chat template; its vocabulary has \(name)'s turns, which are used"
    }
    /// The tokens that a vocabulary must have, each as one token; the last ends a turn.
    private let tokens: [String]
    private let source: String

    var endOfTurn: String { tokens.last! }

    private static let all = [
        ChatConvention(
            name: "Gemma", tokens: ["<start_of_turn>", "<end_of_turn>"],
            source: """
                {{ bos_token }}
                {%- set opening = namespace(text='') %}
                {%- for message in messages %}
                {%- if message.role == 'system' %}
                {%- set opening.text = message.content | trim + '\\n\\n' %}
                {%- else %}
                {{- '<start_of_turn>' + ('model' if message.role == 'assistant' else message.role) + '\\n' }}
                {{- opening.text + message.content | trim + '<end_of_turn>\\n' }}
                {%- set opening.text = '' %}
                {%- endif %}
                {%- endfor %}
                {%- if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}
                """),
        ChatConvention(
            name: "ChatML", tokens: ["<|im_start|>", "<|im_end|>"],
            source: """
                {%- for message in messages %}
                {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
                {%- endfor %}
                {%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}
                """),
        ChatConvention(
            name: "Llama 3", tokens: ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"],
            source: """
                {{ bos_token }}
                {%- for message in messages %}
                {{- '<|start_header_id|>' + message.role + '<|end_header_id|>\\n\\n' }}
                {{- message.content | trim + '<|eot_id|>' }}
                {%- endfor %}
                {%- if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}
                """),
    ]

    /// The convention whose turn tokens a vocabulary has; `nil` when it has no family's.
    public static func of(_ tokenizer: any TextTokenizer) -> ChatConvention? {
        all.first { $0.tokens.allSatisfy { tokenizer.addedToken($0) != nil } }
    }

    /// Templates for a tokenizer that has the turn tokens.
    public func template(_ tokenizer: any TextTokenizer) throws(ChatTemplateError) -> ChatTemplate {
        try ChatTemplate(
            source: source, bos: tokenizer.bos.map(tokenizer.text) ?? "", eos: tokenizer.eos.map(tokenizer.text))
    }
}

import Foundation
import TopsailCore
import TopsailModel

/// Prepares texts for a model: tokens, and where each of them comes from.
public struct TextReader: Sendable {
    public let model: LanguageModel

    public init(_ model: LanguageModel) { self.model = model }

    /// A text as it stands; special tokens in it are ordinary text.
    public func plain(_ text: String) -> ReadableText {
        let tokens = model.tokenizer.encode(text, addSpecial: false, parseSpecial: false)
        return ReadableText(
            tokens: tokens, origins: Array(repeating: .prompt, count: tokens.count),
            isSpecial: model.tokenizer.isSpecial)
    }

    /// Refuses a text that has more tokens than there is room for, without looking at the rest of it.
    ///
    /// - Throws: `ModelError.textTooLong`.
    public func requireRoom(for text: String, tokens limit: Int) throws(ModelError) {
        // A token is hardly ever less than a byte; where it is, the session refuses what this lets through.
        guard text.utf8.count > limit else { return }
        let tokens = model.tokenizer.encode(text, limit: limit)
        guard tokens.count > limit else { return }
        let fitting = tokens.prefix(limit).reduce(0) { $0 + model.tokenizer.bytes(of: $1).count }
        throw ModelError.textTooLong(bytes: text.utf8.count, fitting: fitting, limit: limit)
    }

    /// A conversation in the model's chat template, ending with the opening of the assistant's turn.
    ///
    /// - Parameter answer: What the model went on to write.
    /// - Throws: `ModelError` when the model has no template; `ChatTemplateError` when it refuses the messages.
    public func chat(_ messages: [ChatMessage], answer: String = "") throws -> ReadableText {
        let template = try model.requireChatTemplate()
        let rendered = try template.render(messages, addGenerationPrompt: true)
        var tokens = model.tokenizer.encode(rendered, addSpecial: false, parseSpecial: true)
        var origins = origins(of: tokens, spans: contentSpans(messages, template, in: rendered))
        // The answer was generated after the prompt's last token, so no token spans the two.
        let answerTokens = model.tokenizer.encode(answer, addSpecial: false, parseSpecial: false)
        tokens += answerTokens
        origins += Array(repeating: .answer, count: answerTokens.count)
        return ReadableText(tokens: tokens, origins: origins, isSpecial: model.tokenizer.isSpecial)
    }

    /// One user message in the chat template.
    public func chat(user text: String, system: String? = nil, answer: String = "") throws -> ReadableText {
        let opening = system.map { [ChatMessage(role: "system", content: $0)] } ?? []
        return try chat(opening + [ChatMessage(role: "user", content: text)], answer: answer)
    }

    /// A text as people's prompts are read: one user message in the chat template, or as it stands where the model has none.
    ///
    /// - Throws: `ChatTemplateError` when the template refuses the message.
    public func prompt(_ text: String) throws -> ReadableText {
        model.chatTemplate == nil ? plain(text) : try chat(user: text)
    }

    private struct Span {
        var bytes: Range<Int>
        var origin: TokenOrigin
    }

    /// Where the messages' contents stand in the rendered text, in UTF-8 bytes.
    ///
    /// Templates may strip a content, leave it out or write it anew; a content that is not found is the template's.
    private func contentSpans(_ messages: [ChatMessage], _ template: ChatTemplate, in rendered: String) -> [Span] {
        messages.indices.compactMap { index in
            guard let start = start(of: index, in: messages, template) else { return nil }
            let rest = rendered.utf8.dropFirst(start)
            let content = messages[index].content
            let stripped = content.trimmingCharacters(in: .whitespacesAndNewlines)
            guard let found = [content, stripped].first(where: { rest.starts(with: $0.utf8) }) else { return nil }
            return Span(
                bytes: start..<start + found.utf8.count,
                origin: messages[index].role == "assistant" ? .answer : .prompt)
        }
    }

    /// Where a message's content begins: where a mark in its place appears.
    private func start(of index: Int, in messages: [ChatMessage], _ template: ChatTemplate) -> Int? {
        // Private characters that no template writes and hardly any text has.
        let mark = "\u{F8FF}\u{E000}\u{F8FF}"
        var marked = messages
        marked[index].content = mark
        guard let rendered = try? template.render(marked, addGenerationPrompt: true),
            let place = rendered.range(of: mark, options: .literal)
        else { return nil }
        return rendered.utf8.distance(from: rendered.startIndex, to: place.lowerBound)
    }

    private func origins(of tokens: [TokenID], spans: [Span]) -> [TokenOrigin] {
        var offset = 0
        return tokens.map { token in
            let bytes = offset..<offset + model.tokenizer.bytes(of: token).count
            offset = bytes.upperBound
            return spans.first { $0.bytes.overlaps(bytes) }?.origin ?? .template
        }
    }
}

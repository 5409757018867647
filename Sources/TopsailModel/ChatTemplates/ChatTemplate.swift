import Foundation

/// How a model wants a conversation written: the Jinja template that it brings, run as transformers runs it.
///
/// The environment is that of `apply_chat_template`: Jinja's immutable sandbox with `trim_blocks`, `lstrip_blocks` and
/// loop controls, `raise_exception`, `strftime_now`, a `tojson` that leaves characters as they are, and `generation` tags.
/// What a template may use is bounded, so that a hostile one ends with an error.
public struct ChatTemplate: Sendable {
    private let program: JinjaProgram
    private let bos: String?
    private let eos: String?

    /// Parses a template.
    ///
    /// - Parameters:
    ///   - source: The template.
    ///   - bos: The text of the token that begins a text, the template's `bos_token`; undefined in it when `nil`.
    ///   - eos: The same for the token that ends a text.
    /// - Throws: `syntax` or `tooCostly`.
    public init(source: String, bos: String?, eos: String?) throws(ChatTemplateError) {
        do {
            program = try JinjaProgram(source)
        } catch {
            throw Self.described(error, line: 1)
        }
        self.bos = bos
        self.eos = eos
    }

    /// The conversation as text, to be tokenised with special tokens parsed and none added.
    ///
    /// - Parameters:
    ///   - addGenerationPrompt: Asks the template to end with the opening of the assistant's turn.
    ///   - now: The date for templates that write one.
    ///   - timeZone: Where that date is read off the calendar.
    /// - Throws: `refused` when the template raises an error of its own, else what it does that cannot be done.
    public func render(
        _ messages: [ChatMessage], addGenerationPrompt: Bool, now: Date = Date(), timeZone: TimeZone = .current
    ) throws(ChatTemplateError) -> String {
        var variables: [String: JinjaValue] = [
            "add_generation_prompt": .bool(addGenerationPrompt), "tools": .none, "documents": .none,
        ]
        do {
            variables["messages"] = try .list(
                messages.map { message in
                    .dict(
                        try JinjaDict([
                            (.text("role"), .text(message.role)), (.text("content"), .text(message.content)),
                        ]))
                })
        } catch {
            throw Self.described(error, line: 1)
        }
        return try render(variables, now: now, timeZone: timeZone)
    }

    /// Renders with any variables; `bos_token` and `eos_token` are added.
    package func render(
        _ variables: [String: JinjaValue], now: Date, timeZone: TimeZone
    ) throws(ChatTemplateError) -> String {
        var variables = variables
        if let bos { variables["bos_token"] = .text(bos) }
        if let eos { variables["eos_token"] = .text(eos) }
        let interpreter = JinjaInterpreter(
            program, variables: variables, clock: JinjaClock(now: now, timeZone: timeZone))
        do {
            return try interpreter.run().text
        } catch {
            throw Self.described(error, line: interpreter.line)
        }
    }

    private static func described(_ error: any Error, line: Int) -> ChatTemplateError {
        guard let failure = error as? JinjaFailure else { return .failed(line: line, problem: "\(error)") }
        return ChatTemplateError(failure, line: line)
    }
}

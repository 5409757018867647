import Foundation
import TopsailModel

/// What a model is asked when it is to explain a neuron.
package struct ExplanationPrompt {
    /// Excerpts of each kind at most.
    var strong = 8
    var weak = 3
    var silent = 3
    /// Tokens shown before and after the strongest one.
    var before = 24
    var after = 8

    package init() {}

    package func messages(_ evidence: NeuronEvidence) -> [ChatMessage] {
        [
            ChatMessage(role: "system", content: Self.task), ChatMessage(role: "user", content: Self.exampleQuestion),
            ChatMessage(role: "assistant", content: Self.exampleAnswer),
            ChatMessage(role: "user", content: question(evidence)),
        ]
    }

    private static let task = """
        You study one neuron of a language model. You get excerpts of texts. Where the neuron fires, the token stands in \
        «» with its strength from 1 to 10 behind it. In some excerpts it is silent. Say what the marked tokens have in \
        common that the other tokens lack. Answer with one plain phrase of at most fifteen words and nothing else.
        """

    private static let exampleQuestion = """
        Fires strongly:
        1. The children ran into the «garden»10 and hid
        2. behind the house lay a small «orchard»9 with apple
        Fires weakly:
        1. flowers grew in the «yard»3
        Silent:
        1. The children ran into the kitchen and hid
        What does the neuron react to?
        """

    private static let exampleAnswer = "words for gardens and other planted ground beside a house"

    private func question(_ evidence: NeuronEvidence) -> String {
        var parts = [Self.list("Fires strongly:", evidence.strong.prefix(strong).map { marked($0, evidence.maximum) })]
        parts.append(Self.list("Fires weakly:", evidence.weak.prefix(weak).map { marked($0, evidence.maximum) }))
        parts.append(Self.list("Silent:", evidence.silent.prefix(silent).map(plain)))
        if !evidence.promoted.isEmpty {
            parts.append("Makes these tokens likelier: " + evidence.promoted.joined(separator: ", "))
        }
        return parts.filter { !$0.isEmpty }.joined(separator: "\n") + "\nWhat does the neuron react to?"
    }

    private static func list(_ title: String, _ lines: [String]) -> String {
        guard !lines.isEmpty else { return "" }
        return title + "\n" + lines.enumerated().map { "\($0 + 1). \($1)" }.joined(separator: "\n")
    }

    private func marked(_ excerpt: NeuronEvidence.Excerpt, _ maximum: Float) -> String {
        let shown = excerpt.around(before: before, after: after)
        return zip(shown.texts, shown.activations).map { text, activation in
            let level = ActivationLevel.of(activation, maximum: maximum)
            guard level > 0 else { return Self.oneLine(text) }
            let space = text.prefix { $0 == " " }
            return space + "«" + Self.oneLine(String(text.dropFirst(space.count))) + "»\(level)"
        }.joined()
    }

    private func plain(_ excerpt: NeuronEvidence.Excerpt) -> String {
        excerpt.texts.prefix(before + after + 1).map(Self.oneLine).joined()
    }

    static func oneLine(_ text: String) -> String {
        String(text.map { $0.isNewline ? "↵" : $0 })
    }
}

/// What is kept of a model's answer.
package enum ExplanationAnswer {
    /// Characters that are kept.
    static let limit = 200

    /// The first line that says something, without what models put around it.
    ///
    /// - Throws: `AskingError.unreadableAnswer` when nothing is left.
    package static func text(_ answer: String) throws -> String {
        var rest = answer[...]
        // Reasoning models think aloud first.
        if let end = rest.range(of: "</think>") { rest = rest[end.upperBound...] }
        let line =
            rest.split(whereSeparator: \.isNewline).map { clean(String($0)) }.first { !$0.isEmpty }
        guard let line, line.contains(where: \.isLetter) else {
            throw AskingError.unreadableAnswer(why: "the answer holds no explanation")
        }
        return line.count > limit ? line.prefix(limit - 1) + "…" : line
    }

    private static func clean(_ line: String) -> String {
        var text = line.trimmingCharacters(in: .whitespaces)
        for opening in openings where text.lowercased().hasPrefix(opening) { text.removeFirst(opening.count) }
        text = text.trimmingCharacters(in: .init(charactersIn: " \"“”'*.:-–"))
        return text
    }

    /// Longer ones first.
    private static let openings = [
        "explanation:", "answer:", "the neuron reacts to", "the neuron fires on", "this neuron reacts to",
        "this neuron fires on", "it reacts to", "it fires on",
    ]
}

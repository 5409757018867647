import Foundation
import TopsailEngine

/// The prompts that a command reads: one text, or the lines of a file or of standard input as they come.
final class PromptSource {
    struct Prompt {
        /// What the line calls it, else its number from 0.
        var id: JSONText
        var request: LiveRequest
    }

    private let usesChatTemplate: Bool
    private let lines: LineReader?
    private var text: String?
    private var number = 0

    /// - Parameters:
    ///   - text: The only prompt; lines are read when it is `nil`.
    ///   - file: JSON Lines of texts or objects; `nil` reads standard input.
    init(text: String?, file: String?, usesChatTemplate: Bool) throws {
        self.text = text
        self.usesChatTemplate = usesChatTemplate
        lines = text == nil ? try LineReader(file) : nil
    }

    /// The next prompt; `nil` when there are no more.
    func next() throws -> Prompt? {
        guard let lines else {
            defer { text = nil }
            return text.map { Prompt(id: .int(0), request: LiveRequest(text: $0, usesChatTemplate: usesChatTemplate)) }
        }
        while let line = lines.next() {
            number += 1
            if !line.isEmpty { return try prompt(line) }
        }
        return nil
    }

    private func prompt(_ line: Data) throws -> Prompt {
        let place = "line \(number)"
        let decoded = try TextLine.decode(line, place: place)
        let id = if case .null = decoded.id { JSONText.int(number - 1) } else { decoded.id }
        guard let messages = decoded.messages else {
            let text = try decoded.requireText(place: place)
            return Prompt(id: id, request: LiveRequest(text: text, usesChatTemplate: usesChatTemplate))
        }
        let system = messages.first { $0.role == "system" }
        let rest = messages.dropFirst(system == nil ? 0 : 1)
        guard rest.count == 1, let user = rest.first, user.role == "user" else {
            throw CommandFailure("\(place) has other messages than one user message after at most one system message")
        }
        return Prompt(
            id: id, request: LiveRequest(text: user.content, usesChatTemplate: true, systemMessage: system?.content))
    }
}

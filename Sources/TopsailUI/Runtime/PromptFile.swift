import Foundation
import TopsailCore

/// Prompts in a file: a JSON string or an object with `text` or `prompt` a line, or plain text with one prompt a line.
enum PromptFile {
    struct Failure: UserFacingError {
        var description: String
        var hint: String?
    }

    private static let limit = 16 << 20

    static func read(_ path: String) throws -> [String] {
        let place = (path as NSString).expandingTildeInPath
        let shown = PrintableText.printable(path)
        guard let file = FileHandle(forReadingAtPath: place),
            let data = try? file.read(upToCount: limit + 1)
        else { throw Failure(description: "\(shown) cannot be read", hint: "give a text or JSON Lines file") }
        guard data.count <= limit else { throw Failure(description: "\(shown) is larger than 16 MB") }
        guard let text = String(data: data, encoding: .utf8) else {
            throw Failure(description: "\(shown) is not UTF-8 text")
        }
        let prompts = try text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
            .map { try prompt(String($0.element), place: "\(shown), line \($0.offset + 1)") }.filter { !$0.isEmpty }
        guard !prompts.isEmpty else { throw Failure(description: "\(shown) holds no prompts") }
        return prompts
    }

    private struct Line: Decodable {
        var text: String?
        var prompt: String?
    }

    private static func prompt(_ line: String, place: String) throws -> String {
        let data = Data(line.utf8)
        if let object = try? JSONDecoder().decode(Line.self, from: data) {
            if let text = object.text ?? object.prompt { return text }
            throw Failure(description: "\(place) has neither text nor prompt", hint: "a line is {\"text\": \"…\"}")
        }
        if let text = try? JSONDecoder().decode(String.self, from: data) { return text }
        return line
    }
}

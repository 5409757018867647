import Foundation
import TopsailCore

/// Prompts in a file: a JSON string or an object with `text` a line, or plain text with one prompt a line.
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
        let prompts = text.split(whereSeparator: \.isNewline).map { prompt(String($0)) }.filter { !$0.isEmpty }
        guard !prompts.isEmpty else { throw Failure(description: "\(shown) holds no prompts") }
        return prompts
    }

    private struct Line: Decodable {
        var text: String
    }

    private static func prompt(_ line: String) -> String {
        let data = Data(line.utf8)
        if let object = try? JSONDecoder().decode(Line.self, from: data) { return object.text }
        if let text = try? JSONDecoder().decode(String.self, from: data) { return text }
        return line
    }
}

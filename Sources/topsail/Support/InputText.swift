import Foundation
import TopsailCore

/// Texts that a command works on.
enum InputText {
    /// A whole file; bytes that are not UTF-8 become U+FFFD.
    static func file(_ path: String) throws -> String { String(decoding: try data(path), as: UTF8.self) }

    static func data(_ path: String) throws -> Data {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw CommandFailure("\(PrintableText.printable(path)) does not exist")
        }
        guard !isFolder.boolValue, let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure("\(PrintableText.printable(path)) cannot be read")
        }
        return data
    }

    /// Everything on standard input.
    static func standardInput() -> String {
        String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
    }

    /// Hands over the lines of a file, or of standard input as they come. Empty lines are left out.
    ///
    /// - Parameter body: Gets the number of each line, from 1, and its bytes.
    static func forEachLine(of path: String?, _ body: (Int, Data) throws -> Void) throws {
        let reader = try LineReader(path)
        var number = 0
        while let line = reader.next() {
            number += 1
            if !line.isEmpty { try body(number, line) }
        }
    }
}

/// A line of JSON that is a text, or an object with one.
struct TextLine: Decodable {
    /// One turn of a conversation.
    struct Message: Decodable {
        var role: String
        var content: String
    }

    var text: String?
    /// A text or a number, as it is written.
    var id: JSONText = .null
    var messages: [Message]?

    private enum CodingKeys: String, CodingKey { case id, text, messages }

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            self.text = text
            return
        }
        let object = try decoder.container(keyedBy: CodingKeys.self)
        text = try object.decodeIfPresent(String.self, forKey: .text)
        messages = try object.decodeIfPresent([Message].self, forKey: .messages)
        if let id = try? object.decodeIfPresent(Int.self, forKey: .id) {
            self.id = .int(id)
        } else if let id = try object.decodeIfPresent(String.self, forKey: .id) {
            self.id = .string(id)
        }
    }

    /// - Parameters:
    ///   - place: Names the line in errors.
    static func decode(_ line: Data, place: String) throws -> TextLine {
        guard let decoded = try? JSONDecoder().decode(TextLine.self, from: line) else {
            throw CommandFailure("\(place) is neither a JSON text nor an object with text")
        }
        return decoded
    }

    /// The text, which has to be there.
    func requireText(place: String) throws -> String {
        guard let text else { throw CommandFailure("\(place) has no text") }
        return text
    }
}

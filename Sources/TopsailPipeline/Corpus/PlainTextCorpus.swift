import Foundation
import TopsailTensor

/// Plain text files as documents, for training on more text than the model wrote.
public enum PlainTextCorpus {
    /// Reads a UTF-8 text file; paragraphs are joined to documents of about `characters`.
    ///
    /// - Parameter topic: What all of it is filed under.
    public static func load(path: String, topic: String = "text", characters: Int = 1800) throws -> [CorpusText] {
        let name = URL(fileURLWithPath: path).lastPathComponent
        return try documents(path: path, characters: characters).enumerated().map { index, text in
            CorpusText(id: "\(name)-\(index)", topic: topic, kind: .opening, text: text)
        }
    }

    /// The documents of a UTF-8 text file; a byte order mark is dropped, and lines may end as on Windows.
    static func documents(path: String, characters: Int = 1800) throws -> [String] {
        let file = try MappedFile(path: path)
        let content = withExtendedLifetime(file) { String(decoding: file.bytes, as: UTF8.self) }
        let start = content.unicodeScalars.first == "\u{FEFF}" ? String(content.unicodeScalars.dropFirst()) : content
        return documents(in: start.replacing("\r\n", with: "\n"), characters: characters)
    }

    /// Cuts a text at blank lines, joining short paragraphs and splitting those that are longer than a document.
    static func documents(in content: String, characters: Int) -> [String] {
        var documents: [String] = []
        var current = ""
        for paragraph in paragraphs(of: content) {
            var rest = paragraph[...]
            if !current.isEmpty, current.count + rest.count > characters {
                documents.append(current)
                current = ""
            }
            while rest.count > characters {
                let piece = rest.prefix(characters)
                documents.append(String(piece))
                rest = rest.dropFirst(piece.count)
            }
            if !rest.isEmpty { current += (current.isEmpty ? "" : "\n\n") + rest }
        }
        return current.isEmpty ? documents : documents + [current]
    }

    private static func paragraphs(of content: String) -> [String] {
        content.split(separator: "\n", omittingEmptySubsequences: false)
            .split { $0.allSatisfy(\.isWhitespace) }
            .map { $0.joined(separator: "\n") }
    }
}

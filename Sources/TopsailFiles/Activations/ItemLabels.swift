import Foundation
import TopsailTensor

/// Names of the items whose activations a file holds: words, image files, proteins, products.
public enum ItemLabels {
    private static let largest = 256 << 20

    /// Labels in the items' order.
    ///
    /// Reads a JSON array (texts, numbers, or objects with a `label`, `name` or `text`), JSON Lines of such, CSV (the column
    /// so headed, else the first), one label a line, or an npy array of texts or whole numbers. An empty line is an empty label.
    ///
    /// - Throws: When the file is none of these.
    public static func read(_ path: String) throws(FileFormatError) -> [String] {
        let file = try MappedFile.opening(path)
        guard file.bytes.count <= largest else {
            throw FileFormatError(path: path, reason: .outOfRange("\(file.bytes.count) bytes are too many for labels"))
        }
        if file.bytes.starts(with: NPYHeader.magic) { return try array(file) }
        let text = String(decoding: file.bytes, as: UTF8.self)
        let name = path.lowercased()
        if name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") { return try jsonLines(text, path: path) }
        if text.drop(while: \.isWhitespace).first == "[" { return try json(file) }
        return name.hasSuffix(".csv") ? csv(text) : lines(text)
    }

    private static let keys = ["label", "name", "text"]

    private static func json(_ file: MappedFile) throws(FileFormatError) -> [String] {
        let parsed = try? JSONSerialization.jsonObject(with: Data(file.bytes))
        guard let items = parsed as? [Any] else {
            throw FileFormatError(path: file.path, reason: .corrupt("labels are an array in JSON"))
        }
        var labels: [String] = []
        for item in items { labels.append(try label(item, path: file.path, place: "item \(labels.count)")) }
        return labels
    }

    private static func jsonLines(_ text: String, path: String) throws(FileFormatError) -> [String] {
        var labels: [String] = []
        for (number, line) in lines(text).enumerated() where !line.allSatisfy(\.isWhitespace) {
            let place = "line \(number + 1)"
            let parsed = try? JSONSerialization.jsonObject(with: Data(line.utf8), options: .fragmentsAllowed)
            guard let parsed else {
                throw FileFormatError(path: path, place: place, reason: .corrupt("this is not JSON"))
            }
            labels.append(try label(parsed, path: path, place: place))
        }
        return labels
    }

    private static func label(_ item: Any, path: String, place: String) throws(FileFormatError) -> String {
        let value = (item as? [String: Any]).flatMap { object in keys.lazy.compactMap { object[$0] }.first } ?? item
        if let label = value as? String ?? (value as? NSNumber)?.stringValue { return label }
        throw FileFormatError(
            path: path, place: place,
            reason: .corrupt("a label is a text or a number, or an object with a label, name or text"))
    }

    private static func lines(_ text: String) -> [String] {
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func csv(_ text: String) -> [String] {
        let rows = lines(text).map(fields)
        guard let first = rows.first else { return [] }
        let column = first.firstIndex { keys.contains($0.lowercased()) }
        return (column == nil ? rows[...] : rows.dropFirst()).map { $0.count > column ?? 0 ? $0[column ?? 0] : "" }
    }

    /// The fields of one line; quotes hold commas and doubled quotes.
    private static func fields(_ line: String) -> [String] {
        var fields = [""]
        var isQuoted = false
        var previous: Character?
        for character in line {
            if character == "\"" {
                if !isQuoted, previous == "\"" { fields[fields.count - 1].append("\"") }
                isQuoted.toggle()
            } else if character == ",", !isQuoted {
                fields.append("")
            } else {
                fields[fields.count - 1].append(character)
            }
            previous = character
        }
        return fields
    }

    private static func array(_ file: MappedFile) throws(FileFormatError) -> [String] {
        let header = try NPYHeader(file.bytes, path: file.path)
        guard header.dataOffset + header.byteCount <= file.bytes.count else {
            throw FileFormatError(
                path: file.path,
                reason: .truncated(needed: header.dataOffset + header.byteCount, available: file.bytes.count))
        }
        let count = header.shape.first ?? 1
        guard header.shape.count <= 1, header.elementSize > 0 else {
            throw FileFormatError(path: file.path, reason: .corrupt("labels have one dimension and are not empty"))
        }
        switch header.element {
        case .number:
            let archive = try NPYFile(path: file.path)
            return try archive.integers(archive.tensors[0].name).map(String.init)
        case .bytes(let size):
            return (0..<count).map { item in
                let start = header.dataOffset + item * size
                return String(decoding: file.bytes[start..<start + size].prefix { $0 != 0 }, as: UTF8.self)
            }
        case .text(let units):
            return (0..<count).map { item in
                let start = header.dataOffset + item * units * 4
                var text = ""
                for i in 0..<units {
                    let bits = file.bytes.loadUnaligned(fromByteOffset: start + i * 4, as: UInt32.self)
                    let value = header.isBigEndian ? bits.bigEndian : bits.littleEndian
                    guard value != 0 else { break }
                    text.unicodeScalars.append(Unicode.Scalar(value) ?? "\u{FFFD}")
                }
                return text
            }
        }
    }
}

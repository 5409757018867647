import Foundation
import TopsailTensor

/// The part of YAML that checkpoint configurations are written in: nested mappings by indentation, lists of scalars, quoted
/// and plain scalars, comments.
enum YAMLFile {
    private static let largest = 1 << 20
    private static let deepest = 16

    /// - Throws: When the file is larger than any configuration, nests too deep or is not a mapping.
    static func read(_ path: String) throws -> ConfigurationFile {
        let file = try MappedFile(path: path)
        guard file.bytes.count <= largest else {
            throw SAECheckpointError(path, .unreadable("\(file.bytes.count) bytes are too many for a configuration"))
        }
        var lines = String(decoding: file.bytes, as: UTF8.self).split(whereSeparator: \.isNewline).compactMap(
            Line.init)[...]
        guard case .object(let values) = try block(&lines, indent: lines.first?.indent ?? 0, depth: 0, path) else {
            throw SAECheckpointError(path, .unreadable("it is not a mapping"))
        }
        return ConfigurationFile(path: path, values: values)
    }

    private struct Line {
        let indent: Int
        let text: String

        /// - Returns: `nil` for blank lines, comments and document marks.
        init?(_ line: Substring) {
            let content = line.drop { $0 == " " }
            guard let first = content.first, first != "#", !content.hasPrefix("---"), !content.hasPrefix("%") else {
                return nil
            }
            indent = line.count - content.count
            text = String(content)
        }
    }

    private static func block(
        _ lines: inout ArraySlice<Line>, indent: Int, depth: Int, _ path: String
    ) throws -> ConfigurationValue {
        guard depth < deepest else { throw SAECheckpointError(path, .unreadable("it nests too deep")) }
        guard lines.first?.text.hasPrefix("- ") != true, lines.first?.text != "-" else {
            return list(&lines, indent: indent)
        }
        var values: [String: ConfigurationValue] = [:]
        while let line = lines.first, line.indent == indent, let (key, rest) = entry(line.text) {
            lines.removeFirst()
            if !rest.isEmpty {
                values[key] = scalar(rest)
            } else if let next = lines.first, next.indent > indent || next.indent == indent && next.text.hasPrefix("-")
            {
                values[key] = try block(&lines, indent: next.indent, depth: depth + 1, path)
            } else {
                values[key] = .null
            }
        }
        // What is deeper than anything it could belong to is passed over.
        while let line = lines.first, line.indent > indent { lines.removeFirst() }
        return .object(values)
    }

    private static func list(_ lines: inout ArraySlice<Line>, indent: Int) -> ConfigurationValue {
        var values: [ConfigurationValue] = []
        while let line = lines.first, line.indent == indent, line.text.hasPrefix("-") {
            lines.removeFirst()
            values.append(scalar(line.text.dropFirst().trimmingCharacters(in: .whitespaces)))
            while let deeper = lines.first, deeper.indent > indent { lines.removeFirst() }
        }
        return .list(values)
    }

    private static func entry(_ text: String) -> (key: String, rest: String)? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let after = text[text.index(after: colon)...]
        guard after.isEmpty || after.first == " " else { return nil }
        let key = text[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: " \"'"))
        var rest = after.trimmingCharacters(in: .whitespaces)
        if let comment = rest.range(of: " #"), !rest.hasPrefix("\""), !rest.hasPrefix("'") {
            rest = String(rest[..<comment.lowerBound]).trimmingCharacters(in: .whitespaces)
        }
        return (key, rest.hasPrefix("#") ? "" : rest)
    }

    private static func scalar(_ text: String) -> ConfigurationValue {
        if text.count >= 2, let quote = text.first, "\"'".contains(quote), text.last == quote {
            return .string(String(text.dropFirst().dropLast()))
        }
        if text.hasPrefix("["), text.hasSuffix("]") {
            let items = text.dropFirst().dropLast().split(separator: ",")
            return .list(items.map { plain($0.trimmingCharacters(in: .whitespaces)) })
        }
        return plain(text)
    }

    private static func plain(_ text: String) -> ConfigurationValue {
        switch text.lowercased() {
        case "", "~", "null": return .null
        case "true", "yes", "on": return .bool(true)
        case "false", "no", "off": return .bool(false)
        default:
            if let int = Int(text) { return .int(int) }
            if let number = Double(text), number.isFinite { return .number(number) }
            return .string(text)
        }
    }
}

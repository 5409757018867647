import TerminalKit
import TopsailCore
import TopsailEngine

/// Reads the part of TOML that settings need: `key = value` lines with strings, numbers, booleans and lists of strings,
/// and one section, `[keys]`.
public enum SettingsFile {
    /// What is wrong with a settings file, and where.
    public struct Problem: UserFacingError, Hashable {
        public var description: String
        public var hint: String?
    }

    /// - Parameter path: Named in errors.
    public static func parse(_ text: String, path: String) throws(Problem) -> ExplorerSettings {
        var settings = ExplorerSettings()
        var keys: KeyLines?
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = String(line).trimmingBlanks
            if line.isEmpty || line.hasPrefix("#") { continue }
            let place = "\(path), line \(number + 1)"
            if line.hasPrefix("[") {
                try readSection(line, place)
                keys = keys ?? KeyLines(path: path)
                continue
            }
            guard let sign = line.firstIndex(of: "=") else {
                throw Problem(
                    description: "\(place): it is not “key = value”", hint: "topsail config --default shows all keys")
            }
            let name = String(line[..<sign]).trimmingBlanks
            let text = String(line[line.index(after: sign)...]).trimmingBlanks
            if keys != nil {
                try keys?.read(name, try read(text, place), line: number + 1)
                continue
            }
            guard let key = ExplorerSettings.keys.first(where: { $0.name == name }) else {
                throw unknown(name, place)
            }
            let value = try read(text, place)
            guard settings.set(key.name, value) else {
                let wanted = key.wanted ?? key.allowed.joined(separator: ", ")
                throw Problem(description: "\(place): \(name) cannot be that", hint: "it takes \(wanted)")
            }
        }
        try keys?.finish()
        settings.chords = keys?.chords ?? [:]
        return settings
    }

    /// A line that begins a section; there is one.
    private static func readSection(_ line: String, _ place: String) throws(Problem) {
        let section = "[\(ExplorerSettings.keysSection)]"
        let end = line.hasPrefix(section) ? line.dropFirst(section.count).drop { $0 == " " || $0 == "\t" } : nil
        guard let end, end.isEmpty || end.first == "#" else {
            throw Problem(
                description: "\(place): there is no section \(PrintableText.printable(line))",
                hint: "there is only \(section); settings stand above it, in no section")
        }
    }

    private static func unknown(_ name: String, _ place: String) -> Problem {
        let known = ExplorerSettings.keys.map(\.name)
        let nearest = known.min { EditDistance.between($0, name) < EditDistance.between($1, name) }!
        return Problem(
            description: "\(place): there is no key “\(PrintableText.printable(name))”",
            hint: "did you mean \(nearest)? Keys: \(known.joined(separator: ", "))")
    }

    private static func read(_ text: String, _ place: String) throws(Problem) -> SettingValue {
        var rest = Substring(text)
        let value: SettingValue
        switch rest.first {
        case "\"", "'": value = .text(try string(&rest, place))
        case "[":
            rest.removeFirst()
            var items: [String] = []
            while true {
                skipBlanks(&rest)
                if rest.first == "]" { break }
                items.append(try string(&rest, place))
                skipBlanks(&rest)
                if rest.first == "," { rest.removeFirst() } else if rest.first != "]" { throw unfinished(place) }
            }
            rest.removeFirst()
            value = .list(items)
        default:
            let word = rest.prefix { !$0.isWhitespace && $0 != "#" }
            rest = rest.dropFirst(word.count)
            switch word {
            case "true": value = .truth(true)
            case "false": value = .truth(false)
            case _ where Double(word) != nil: value = .number(String(word))
            default: throw unfinished(place)
            }
        }
        skipBlanks(&rest)
        guard rest.isEmpty || rest.first == "#" else { throw unfinished(place) }
        return value
    }

    private static func string(_ rest: inout Substring, _ place: String) throws(Problem) -> String {
        // Between single quotes a backslash is a backslash.
        guard let quote = rest.first, quote == "\"" || quote == "'" else { throw unfinished(place) }
        rest.removeFirst()
        guard let end = rest.firstIndex(of: quote), quote == "'" || !rest[..<end].contains("\\") else {
            throw unfinished(place)
        }
        defer { rest = rest[rest.index(after: end)...] }
        return String(rest[..<end])
    }

    private static func skipBlanks(_ rest: inout Substring) { rest = rest.drop { $0 == " " || $0 == "\t" } }

    private static func unfinished(_ place: String) -> Problem {
        Problem(
            description: "\(place): the value cannot be read",
            hint: "values are true, false, a number, \"text\" or [\"a\", \"b\"], without backslashes")
    }
}

/// A value as it stands in the file.
enum SettingValue {
    case text(String)
    /// As it is written.
    case number(String)
    case truth(Bool)
    case list([String])
}

extension ExplorerSettings {
    /// - Returns: `false` when the key cannot have the value.
    fileprivate mutating func set(_ key: String, _ value: SettingValue) -> Bool {
        switch (key, value) {
        case ("theme", .text(let text)):
            theme = Theme.Name(rawValue: text)
            return theme != nil
        case ("color", .text(let text)):
            color = text
            return Self.keys.first { $0.name == "color" }!.allowed.contains(text)
        case ("ascii", .truth(let on)): ascii = on
        case ("screen", .text(let text)):
            screen = Screen.allCases.first { $0.title.lowercased() == text }
            return screen != nil
        case ("bars", .truth(let on)): bars = on
        case ("mouse", .truth(let on)): mouse = on
        case ("contexts", .text(let text)):
            contexts = BrowseState.ContextView.allCases.first { "\($0)" == text }
            return contexts != nil
        case ("sort", .text(let text)):
            sort = ExplorerSettings.Order(named: text)
            return sort != nil
        case ("hide", .list(let slugs)): hide = slugs
        case ("answer_tokens", .number(let text)):
            answerTokens = Int(text)
            return answerTokens.map { AnswerOptions.tokenBounds.contains($0) } ?? false
        case ("temperature", .number(let text)):
            temperature = Float(text)
            return temperature.map { AnswerOptions.temperatureBounds.contains($0) } ?? false
        case ("seed", .number(let text)):
            seed = UInt64(text)
            return seed != nil
        case ("accessible", .truth(let on)): accessible = on
        default: return false
        }
        return true
    }
}

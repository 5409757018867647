import TopsailCore

/// Something that reads part of a tokenizer file, and the errors by which it names that file.
protocol TokenizerFileReader {
    /// The file, as it was given to the loader.
    var path: String { get }
}

extension TokenizerFileReader {
    func missing(_ key: String) -> TokenizerError { TokenizerError(path: path, reason: .missing(key)) }

    func unsupported(_ component: String, _ name: String) -> TokenizerError {
        TokenizerError(path: path, reason: .unsupported(component: component, name: name))
    }

    func bad(_ place: String, _ problem: String) -> TokenizerError {
        TokenizerError(path: path, reason: .badEntry(place: place, problem: problem))
    }
}

// MARK: JSON

extension TokenizerFileReader {
    func type(of node: JSONNode, _ place: String) throws(TokenizerError) -> String { try string(node, "type", place) }

    func string(_ node: JSONNode, _ key: String, _ place: String) throws(TokenizerError) -> String {
        guard let text = node[key]?.string else { throw missing("\(place).\(key)") }
        return text
    }

    func elements(_ node: JSONNode, _ key: String, _ place: String) throws(TokenizerError) -> JSONNode.Children {
        guard let elements = node[key]?.elements else { throw missing("\(place).\(key)") }
        return elements
    }

    /// A truth value; `default` where it is absent, unless there is none.
    func flag(
        _ node: JSONNode, _ key: String, _ place: String, default absent: Bool? = nil
    ) throws(TokenizerError) -> Bool {
        if let value = node[key]?.bool { return value }
        guard node[key]?.isNull ?? true, let absent else { throw missing("\(place).\(key)") }
        return absent
    }

    /// The one code point of a text.
    func scalar(_ node: JSONNode, _ key: String, _ place: String) throws(TokenizerError) -> Unicode.Scalar {
        guard let text = node[key]?.string, let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1
        else {
            throw missing("\(place).\(key)")
        }
        return scalar
    }

    /// The `pattern` of a component: a text or a regular expression.
    func pattern(of node: JSONNode, _ place: String) throws(TokenizerError) -> TextPattern {
        if let text = node["pattern"]?["String"]?.string {
            guard !text.isEmpty else { throw unsupported("\(place).pattern", "that is empty") }
            return .literal(Array(text.utf8))
        }
        guard let expression = node["pattern"]?["Regex"]?.string else { throw missing("\(place).pattern") }
        return .expression(try regularExpression(expression, place: "\(place).pattern"))
    }

    func regularExpression(_ pattern: String, place: String) throws(TokenizerError) -> RegularExpression {
        do {
            return try RegularExpression(pattern)
        } catch {
            throw unsupported(place, "\(pattern), which has \(error.problem),")
        }
    }

    func tokenID(_ node: JSONNode, place: String) throws(TokenizerError) -> TokenID {
        guard let id = node.int, (0..<Vocabulary.mostEntries).contains(id) else {
            throw bad(place, "has an id that is not an integer from 0 to \(Vocabulary.mostEntries - 1)")
        }
        return TokenID(id)
    }
}

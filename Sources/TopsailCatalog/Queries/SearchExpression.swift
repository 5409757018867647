/// What a person typed into a search field, as an FTS5 query.
///
/// Every word must occur, in any order; a word also finds longer words that start with it. Words in double quotes must
/// follow each other just so; a `*` after the closing quote lets the last of them be longer. Everything else is taken
/// literally: no FTS5 operator can be written, and no text is a syntax error.
package enum SearchExpression {
    package enum Meaning: Equatable {
        /// Nothing was typed: no condition.
        case everything
        /// Only punctuation was typed: there is no word to look for.
        case nothing
        case fts5(String)
    }

    package static func parse(_ text: String) -> Meaning {
        var parts: [String] = []
        var isBlank = true
        for piece in pieces(of: text) {
            isBlank = isBlank && piece.text.allSatisfy(\.isWhitespace)
            guard piece.text.unicodeScalars.contains(where: isSearchable) else { continue }
            let quoted = "\"" + piece.text.replacing("\"", with: " ").replacing("\0", with: " ") + "\""
            parts.append(piece.isPrefix ? quoted + " *" : quoted)
        }
        if parts.isEmpty { return isBlank && !text.contains("\"") ? .everything : .nothing }
        return .fts5(parts.joined(separator: " "))
    }

    private struct Piece {
        var text: String
        var isPrefix: Bool
    }

    /// Splits at white space outside of double quotes; an open quote runs to the end.
    private static func pieces(of text: String) -> [Piece] {
        var pieces: [Piece] = []
        for (number, part) in text.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
            let isQuoted = number % 2 == 1
            if isQuoted {
                pieces.append(Piece(text: String(part), isPrefix: false))
                continue
            }
            var words = part.split(whereSeparator: \.isWhitespace)
            if number > 0, part.hasPrefix("*"), !pieces.isEmpty {
                pieces[pieces.count - 1].isPrefix = true
                words[0] = words[0].dropFirst()
            }
            pieces += words.map { Piece(text: String($0), isPrefix: true) }
        }
        return pieces
    }

    /// Letters, numbers and private-use characters are what the `unicode61` tokenizer makes words of.
    private static func isSearchable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber, .privateUse:
            true
        default: false
        }
    }
}

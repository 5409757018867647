/// The state of a text field or a small text area: what is typed, where the cursor is, what part is on show.
///
/// The cursor steps by user-perceived characters. The text is kept as typed or pasted, controls and all; drawing makes
/// it harmless.
public struct TextEditor: Sendable, Hashable {
    /// A place between characters.
    public struct Place: Sendable, Hashable, Comparable {
        public var line: Int
        public var column: Int

        public static func < (left: Place, right: Place) -> Bool {
            (left.line, left.column) < (right.line, right.column)
        }
    }

    /// Never empty: no text is one empty line.
    public internal(set) var lines: [[Character]]
    public internal(set) var cursor: Place
    /// One line only: line feeds become blanks, and the view scrolls sideways instead of wrapping.
    public let isSingleLine: Bool
    /// The size it is drawn in, which decides where lines wrap and what a page is. Set it whenever the layout changes.
    public var viewport = Size(width: 80, height: 1) {
        didSet { reveal() }
    }
    /// What was entered before, recalled by moving past the first or last row.
    public var history = InputHistory()

    /// The first row on show.
    var top = RowID(line: 0, row: 0)
    /// Columns scrolled off the left of a single line.
    var leftColumn = 0
    /// The screen column that vertical movement tries to keep.
    var goalColumn: Int?

    public init(_ text: String = "", isSingleLine: Bool = false) {
        self.isSingleLine = isSingleLine
        lines = [[]]
        cursor = Place(line: 0, column: 0)
        insert(text)
    }

    /// The whole text; setting it puts the cursor at its end.
    public var text: String {
        get { lines.map { String($0) }.joined(separator: "\n") }
        set {
            lines = [[]]
            cursor = Place(line: 0, column: 0)
            top = RowID(line: 0, row: 0)
            leftColumn = 0
            insert(newValue)
        }
    }

    public var isEmpty: Bool { lines.count == 1 && lines[0].isEmpty }

    var endOfText: Place { Place(line: lines.count - 1, column: lines[lines.count - 1].count) }
}

/// Changing the text.
extension TextEditor {
    /// Inserts typed or pasted text at the cursor, whole. Carriage returns are read as line feeds.
    public mutating func insert(_ text: String) {
        guard !text.isEmpty else { return }
        var pieces: [String] = [""]
        for scalar in text.replacingLineEndings().unicodeScalars {
            if scalar == "\n" && !isSingleLine {
                pieces.append("")
            } else {
                pieces[pieces.count - 1].unicodeScalars.append(scalar == "\n" ? " " : scalar)
            }
        }
        let line = lines[cursor.line]
        // Joined as strings, so that a combining mark joins the character before it.
        let before = String(line[..<cursor.column]) + pieces[0]
        let after = String(line[cursor.column...])
        if pieces.count == 1 {
            cursor.column = before.count
            lines[cursor.line] = Array(before + after)
            cursor.column = min(cursor.column, lines[cursor.line].count)
        } else {
            let last = pieces[pieces.count - 1]
            let middle = pieces[1..<pieces.count - 1].map { Array($0) }
            lines.replaceSubrange(cursor.line...cursor.line, with: [Array(before)] + middle + [Array(last + after)])
            cursor = Place(line: cursor.line + pieces.count - 1, column: last.count)
        }
        settle()
    }

    public mutating func deleteBackward() { delete(from: place(before: cursor), to: cursor) }
    public mutating func deleteForward() { delete(from: cursor, to: place(after: cursor)) }
    public mutating func deleteWordBackward() { delete(from: wordStart(before: cursor), to: cursor) }
    public mutating func deleteWordForward() { delete(from: cursor, to: wordEnd(after: cursor)) }

    /// Deletes to the start of the line, or the line break when there is nothing before the cursor.
    public mutating func deleteToLineStart() {
        cursor.column == 0 ? deleteBackward() : delete(from: Place(line: cursor.line, column: 0), to: cursor)
    }

    /// Deletes to the end of the line, or the line break when the cursor is there already.
    public mutating func deleteToLineEnd() {
        let end = Place(line: cursor.line, column: lines[cursor.line].count)
        cursor == end ? deleteForward() : delete(from: cursor, to: end)
    }

    public mutating func clear() { text = "" }

    private mutating func delete(from start: Place, to end: Place) {
        guard start < end else { return }
        let joined = String(lines[start.line][..<start.column]) + String(lines[end.line][end.column...])
        lines.replaceSubrange(start.line...end.line, with: [Array(joined)])
        cursor = Place(line: start.line, column: min(start.column, lines[start.line].count))
        settle()
    }

    /// After every change: forget the goal of vertical movement and keep the cursor on show.
    private mutating func settle() {
        goalColumn = nil
        reveal()
    }
}

extension String {
    /// With `\r\n` and `\r` as `\n`.
    fileprivate func replacingLineEndings() -> String {
        guard utf8.contains(0x0D) else { return self }
        var result = String.UnicodeScalarView()
        var afterReturn = false
        for scalar in unicodeScalars {
            if !(scalar == "\n" && afterReturn) { result.append(scalar == "\r" ? "\n" : scalar) }
            afterReturn = scalar == "\r"
        }
        return String(result)
    }
}

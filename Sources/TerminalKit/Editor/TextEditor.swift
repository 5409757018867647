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
        didSet {
            if oldValue.width != viewport.width { wraps = [:] }
            reveal()
        }
    }
    /// What was entered before, recalled by moving past the first or last row.
    public var history = InputHistory()

    /// The first row on show.
    var top = RowID(line: 0, row: 0)
    /// Columns scrolled off the left of a single line.
    var leftColumn = 0
    /// The screen column that vertical movement tries to keep.
    var goalColumn: Int?
    /// Rows of the long lines about the cursor, kept until text or width change.
    var wraps: [Int: [Range<Int>]] = [:]
    /// How often the text was changed.
    private(set) var edits = 0

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
            if newValue.isEmpty { settle() } else { insert(newValue) }
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
        let pieces = text.replacingLineEndings().utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        if pieces.count == 1 || isSingleLine {
            cursor.column = splice(cursor.column..<cursor.column, with: pieces.joined(separator: " "))
        } else {
            let last = pieces[pieces.count - 1]
            let middle = pieces[1..<pieces.count - 1].map { Array($0) }
            let after = String(lines[cursor.line][cursor.column...])
            _ = splice(cursor.column..<lines[cursor.line].count, with: pieces[0])
            lines.insert(contentsOf: middle + [Array(last + after)], at: cursor.line + 1)
            cursor = Place(line: cursor.line + pieces.count - 1, column: last.count)
        }
        settle()
    }

    /// Replaces columns of the cursor's line.
    ///
    /// Characters are found anew from the last plain one before the place to the first one after it: a combining mark joins what
    /// stands before it, and flags pair up from the left.
    ///
    /// - Returns: The column after the new text.
    /// - Complexity: O(rest of the line) to move it, O(new text) to read it.
    private mutating func splice(_ columns: Range<Int>, with text: String) -> Int {
        let line = lines[cursor.line]
        let start = line[..<columns.lowerBound].lastIndex(where: \.standsAlone) ?? 0
        let end = line[columns.upperBound...].firstIndex(where: \.standsAlone).map { $0 + 1 } ?? line.count
        let before = String(line[start..<columns.lowerBound]) + text
        let new = Array(before + String(line[columns.upperBound..<end]))
        lines[cursor.line].replaceSubrange(start..<end, with: new)
        return min(start + before.count, lines[cursor.line].count)
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
        if start.line < end.line {
            // One line first, then what is between the places goes.
            let rest = lines[end.line][end.column...]
            lines[start.line].replaceSubrange(start.column..., with: rest)
            lines.removeSubrange(start.line + 1...end.line)
        }
        cursor = start
        let removed = start.line < end.line ? start.column..<start.column : start.column..<end.column
        cursor.column = splice(removed, with: "")
        settle()
    }

    /// After every change: forget the goal of vertical movement and keep the cursor on show.
    private mutating func settle() {
        goalColumn = nil
        wraps = [:]
        edits += 1
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

extension Character {
    /// Whether no text beside it can become one character with it, except marks that would follow it.
    fileprivate var standsAlone: Bool {
        let scalars = unicodeScalars
        guard let scalar = scalars.first, scalars.count == 1 else { return false }
        return (0x20..<0x7F).contains(scalar.value) || (0x4E00...0x9FFF).contains(scalar.value)
    }
}

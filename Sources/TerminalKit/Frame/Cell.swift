/// One place of the character grid.
public struct Cell: Sendable, Hashable {
    /// One base character with at most four combining marks; empty in the right half of a wide character.
    public var text: String
    public var style: Style

    public init(text: String, style: Style = .plain) {
        self.text = text
        self.style = style
    }

    public static let blank = Cell(text: " ")

    /// Whether the cell is the right half of the wide character on its left.
    public var isContinuation: Bool { text.isEmpty }
}

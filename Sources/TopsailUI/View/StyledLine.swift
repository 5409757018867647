import TerminalKit

/// A line made of pieces in different styles.
struct StyledLine: Sendable, Hashable {
    struct Piece: Sendable, Hashable {
        var text: String
        var style: Style
    }

    var pieces: [Piece] = []

    init() {}

    init(_ text: String, _ style: Style = .plain) { append(text, style) }

    mutating func append(_ text: String, _ style: Style = .plain) {
        if !text.isEmpty { pieces.append(Piece(text: text, style: style)) }
    }

    var width: Int { pieces.reduce(0) { $0 + DisplayWidth.of($1.text) } }

    /// Draws the line from the left edge of a rectangle.
    func draw(into frame: inout Frame, in rect: Rect) {
        var x = rect.x
        for piece in pieces {
            guard x < rect.maxX else { return }
            x = frame.put(piece.text, at: Position(x: x, y: rect.y), style: piece.style, clip: rect)
        }
    }
}

/// A screenful of cells: what widgets draw into, what tests compare and what a backend shows.
public struct Frame: Sendable, Hashable {
    public let size: Size
    /// Where the terminal's own cursor goes. Screen readers and magnifiers follow it, so it sits on the focused item.
    public var cursor: Position?
    /// Whether the cursor is drawn; the place counts even when it is not.
    public var isCursorVisible = false
    /// Row after row.
    package private(set) var cells: [Cell]

    public init(size: Size) {
        self.size = Size(width: max(0, size.width), height: max(0, size.height))
        cells = Array(repeating: .blank, count: self.size.width * self.size.height)
    }

    public init(width: Int, height: Int) { self.init(size: Size(width: width, height: height)) }

    public var width: Int { size.width }
    public var height: Int { size.height }
    public var bounds: Rect { Rect(size) }

    /// - Precondition: The position is inside the frame.
    public subscript(x: Int, y: Int) -> Cell {
        precondition(x >= 0 && x < width && y >= 0 && y < height, "cell \(x),\(y) is outside a frame of \(size)")
        return cells[y * width + x]
    }
}

extension Frame {
    /// Writes one line of text.
    ///
    /// Text outside the clip is dropped. A wide character that would straddle an edge leaves a blank there, and one
    /// that is half overwritten goes away whole.
    ///
    /// - Parameters:
    ///   - text: Should be printable already; anything that is not is drawn as a visible stand-in.
    ///   - position: Of the first column; may be outside the clip.
    ///   - clip: What may be drawn on; the whole frame when `nil`.
    /// - Returns: The column after the text, as if nothing was clipped on the left; drawing stops at the right edge.
    @discardableResult
    public mutating func put(
        _ text: some StringProtocol, at position: Position, style: Style = .plain, clip: Rect? = nil
    ) -> Int {
        let clip = clip.map { $0.intersection(bounds) } ?? bounds
        var x = position.x
        guard position.y >= clip.minY, position.y < clip.maxY else { return x + DisplayWidth.of(text) }
        Glyph.forEach(in: text) { glyph in
            let end = x + glyph.width
            if x >= clip.minX && end <= clip.maxX {
                place(glyph, x: x, y: position.y, style: style)
            } else if glyph.width == 2 && x < clip.maxX && end > clip.minX {
                place(Glyph.ascii[0x20], x: max(x, clip.minX), y: position.y, style: style)
            }
            x = end
            return x < clip.maxX
        }
        return x
    }

    /// Fills a rectangle with one character of one column.
    public mutating func fill(_ rect: Rect, with character: Character = " ", style: Style = .plain) {
        let area = rect.intersection(bounds)
        let text = String(character)
        let glyph = DisplayWidth.of(text) == 1 ? Glyph(text, width: 1) : Glyph.ascii[0x20]
        for y in area.minY..<max(area.minY, area.maxY) {
            for x in area.minX..<max(area.minX, area.maxX) { place(glyph, x: x, y: y, style: style) }
        }
    }

    /// Changes the style of what is already drawn in a rectangle.
    public mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
        let area = rect.intersection(bounds)
        for y in area.minY..<max(area.minY, area.maxY) {
            for x in area.minX..<max(area.minX, area.maxX) { change(&cells[y * width + x].style) }
        }
    }

    /// Puts a glyph where it is known to fit, and keeps wide characters whole.
    private mutating func place(_ glyph: Glyph, x: Int, y: Int, style: Style) {
        let start = y * width
        if cells[start + x].isContinuation && x > 0 { cells[start + x - 1].text = " " }
        let last = x + glyph.width - 1
        if last + 1 < width && cells[start + last + 1].isContinuation { cells[start + last + 1].text = " " }
        cells[start + x] = Cell(text: glyph.text, style: style)
        if glyph.width == 2 { cells[start + x + 1] = Cell(text: "", style: style) }
    }
}

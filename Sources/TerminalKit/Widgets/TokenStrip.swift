/// One token of a strip: its text and how strongly it lights up.
public struct TokenChip: Sendable, Hashable {
    /// Printable text, a leading blank shown as `·`.
    public var text: String
    /// Share of the strongest activation on show, `0...1`.
    public var level: Double
    public var sign: HeatRamp.Sign
    /// The token ends a line of the source text, so the strip goes on in a new row.
    public var breaksLine: Bool

    public init(_ text: String, level: Double = 0, sign: HeatRamp.Sign = .positive, breaksLine: Bool = false) {
        self.text = text
        self.level = level
        self.sign = sign
        self.breaksLine = breaksLine
    }
}

/// Tokens side by side with heat as their background, wrapped between tokens.
public struct TokenStrip: Sendable, Hashable {
    public var chips: [TokenChip]
    public var selected: Int?
    /// A row of bars under each row of tokens. Themes that cannot show heat have it in any case.
    public var showsBars: Bool

    public init(_ chips: [TokenChip], selected: Int? = nil, showsBars: Bool = false) {
        self.chips = chips
        self.selected = selected
        self.showsBars = showsBars
    }

    /// Draws rows from `firstRow` on.
    ///
    /// - Parameters:
    ///   - layout: From `layout(width:)` for the rectangle's width; made here when `nil`.
    ///   - firstRow: The row of tokens at the top, for scrolling.
    /// - Returns: Where the selected token begins, when it is on show.
    @discardableResult
    public func draw(
        into frame: inout Frame, in rect: Rect, theme: Theme, layout: Layout? = nil, firstRow: Int = 0
    ) -> Position? {
        let layout = layout ?? self.layout(width: rect.width)
        let hasBars = showsBars || theme.needsBarRow
        var place: Position?
        for (offset, row) in layout.rows.dropFirst(max(0, firstRow)).enumerated() {
            let y = rect.y + offset * (hasBars ? 2 : 1)
            guard y < rect.maxY else { break }
            for piece in row {
                let start = Position(x: rect.x + piece.x, y: y)
                draw(piece, into: &frame, at: start, clip: rect, theme: theme, hasBars: hasBars)
                if piece.chip == selected, place == nil { place = start }
            }
        }
        return place
    }

    /// Rows of the screen that one row of tokens takes.
    public func rowHeight(theme: Theme) -> Int { showsBars || theme.needsBarRow ? 2 : 1 }

    func draw(
        _ piece: Piece, into frame: inout Frame, at start: Position, clip: Rect, theme: Theme, hasBars: Bool
    ) {
        let chip = chips[piece.chip]
        var style = theme.heat(chip.level, sign: chip.sign)
        if piece.chip == selected {
            // Turned over rather than coloured, so that it stands out on every background and in mono.
            style.attributes.formSymmetricDifference(.reverse)
            style.attributes.formUnion([.bold, .underline])
        }
        frame.put(piece.text, at: start, style: style, clip: clip)
        guard hasBars else { return }
        let bar = String(repeating: theme.glyphs.bar(chip.level), count: piece.width)
        let barStyle = Style(attributes: chip.sign == .negative && chip.level > 0 ? .underline : [])
        frame.put(bar, at: Position(x: start.x, y: start.y + 1), style: barStyle, clip: clip)
    }
}

import TerminalKit
import TopsailCatalog
import TopsailCore

/// The categories of a neuron, strongest first, each with who says so: `you`, or the share of contrast pairs.
struct TagRows {
    private let tags: [[StyledLine.Piece]]
    private let legend: StyledLine.Piece?
    private let theme: Theme

    init(_ tags: [NeuronProfile.Tag], theme: Theme) {
        self.theme = theme
        self.tags = tags.enumerated().sorted { (Self.rank($1.element), $0.offset) < (Self.rank($0.element), $1.offset) }
            .map { Self.pieces(of: $0.element, theme) }
        let hasShares = tags.contains { !$0.isRejected && Self.share(of: $0) != nil }
        legend = hasShares ? .init(text: "(of pairs)", style: theme.style(.dim)) : nil
    }

    private static func share(of tag: NeuronProfile.Tag) -> Double? {
        tag.evidence.filter { $0.source == .contrast }.compactMap(\.score).max()
    }

    /// A person's word before any share, what a person took off last.
    private static func rank(_ tag: NeuronProfile.Tag) -> Double {
        tag.isRejected ? -1 : tag.isHuman ? 2 : share(of: tag) ?? 0
    }

    private static func pieces(of tag: NeuronProfile.Tag, _ theme: Theme) -> [StyledLine.Piece] {
        let share = share(of: tag).map { Figures.share($0) }
        let others = Set(tag.evidence.map(\.source)).subtracting(share == nil ? [] : [.contrast]).map(\.rawValue)
            .sorted()
        let sources = (tag.isHuman ? ["you"] : []) + others + (share.map { [$0] } ?? [])
        let by = tag.isRejected ? "you took it off" : sources.joined(separator: " ")
        let style = tag.isRejected ? theme.style(.dim) : theme.style(tag.isHuman ? .marked : .accent)
        return [
            .init(text: PrintableText.printable(tag.label), style: style),
            .init(text: " \(by)  ", style: theme.style(.dim)),
        ]
    }

    /// Everything there is.
    var all: [StyledLine.Piece] { tags.flatMap { $0 } + (legend.map { [$0] } ?? []) }

    /// As many as some rows hold, and how many more there are.
    func pieces(rows: Int, width: Int) -> [StyledLine.Piece] {
        for shown in stride(from: tags.count, to: 1, by: -1) {
            var pieces = tags[..<shown].flatMap { $0 }
            if shown < tags.count {
                pieces.append(.init(text: "+\(tags.count - shown) more  ", style: theme.style(.dim)))
            }
            if let legend { pieces.append(legend) }
            if Self.rows(of: pieces, width: width) <= rows { return pieces }
        }
        return all
    }

    /// Rows that pieces take when none is broken.
    private static func rows(of pieces: [StyledLine.Piece], width: Int) -> Int {
        var (rows, used) = (1, 0)
        for piece in pieces {
            let columns = DisplayWidth.of(piece.text)
            let shown = columns - piece.text.reversed().prefix { $0 == " " }.count
            if used > 0, used + shown > width { (rows, used) = (rows + 1, 0) }
            used += columns
        }
        return rows
    }
}

import TerminalKit

/// Draws the hint of the tour's step beside what it is about.
enum TourView {
    static func draw(_ state: ExplorerState, into frame: inout Frame, in area: Rect) {
        guard state.showsTour, let step = state.tour?.step else { return }
        let theme = state.theme
        let subject = subject(of: step, state)
        for edge in edges(of: subject) {
            frame.restyle(edge) { $0 = theme.style(.accent).adding(.bold) }
        }
        let words = step.words(state)
        let width = min(area.width - 2, (words.map { DisplayWidth.of($0) }.max() ?? 0) + 4)
        let card = place(of: Size(width: width, height: words.count + 2), beside: subject, in: area)
        frame.fill(card, style: theme.style(.text))
        let inside = frame.box(
            card, border: theme.glyphs.heavyBorder, style: theme.style(.accent),
            title: "Tour \(step.rawValue + 1) of \(Tour.Step.allCases.count)", titleStyle: theme.style(.title),
            note: "Esc ends it", noteStyle: theme.style(.dim))
        for (row, text) in words.enumerated() {
            frame.put(text, at: Position(x: inside.x + 1, y: inside.y + row), style: theme.style(.text), clip: inside)
        }
    }

    private static func subject(of step: Tour.Step, _ state: ExplorerState) -> Rect {
        let layout = BrowseLayout(state)
        return switch step {
        case .neurons, .filter: layout.table
        case .page: layout.detail
        case .live: ScreenAreas(state.size).tabs
        case .prompt: LiveLayout(state).prompt
        }
    }

    private static func edges(of rect: Rect) -> [Rect] {
        guard rect.height > 1 else { return [rect] }
        return [
            rect.row(0), rect.row(rect.height - 1), Rect(x: rect.x, y: rect.y, width: 1, height: rect.height),
            Rect(x: rect.maxX - 1, y: rect.y, width: 1, height: rect.height),
        ]
    }

    /// A lower corner that leaves free what the hint is about, else the lower right one.
    private static func place(of size: Size, beside subject: Rect, in area: Rect) -> Rect {
        let y = area.maxY - size.height - 1
        let corners = [area.maxX - size.width - 1, area.x + 1].map {
            Rect(x: $0, y: y, width: size.width, height: size.height)
        }
        return corners.first { $0.intersection(subject).isEmpty } ?? corners[0]
    }
}

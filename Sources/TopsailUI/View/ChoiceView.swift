import TerminalKit

/// Draws a list to type into, with what there is to say about the selected item beside or below it.
enum ChoiceView {
    /// Rows of the list on show.
    static func listHeight(of choice: Choice, in size: Size) -> Int {
        max(1, areas(of: choice, in: ScreenAreas(size).body).list.height - 1)
    }

    /// The box of the choice on a screen, and the rows of its items.
    static func places(of choice: Choice, in size: Size) -> (box: Rect, rows: Rect) {
        let body = ScreenAreas(size).body
        let areas = areas(of: choice, in: body)
        var rows = areas.list
        _ = rows.cutTop(1)
        return (body.centered(areas.box), rows)
    }

    static func draw(_ choice: Choice, into frame: inout Frame, in area: Rect, theme: Theme) {
        let areas = areas(of: choice, in: area)
        Modal.draw(into: &frame, in: area, size: areas.box, title: choice.title, theme: theme)
        choice.picker.draw(
            into: &frame, in: areas.list, theme: theme, prompt: prompt(choice),
            placeholder: placeholder(choice))
        guard !areas.about.isEmpty else { return }
        let line = areas.about.inset(horizontal: 0)
        frame.put(
            String(repeating: theme.glyphs.border.horizontal, count: line.width), at: line.origin,
            style: theme.style(.border),
            clip: line)
        var rest = line
        _ = rest.cutTop(1)
        frame.putParagraphs(choice.aboutSelected, in: rest, style: theme.style(.text))
    }

    private static func prompt(_ choice: Choice) -> String { choice.purpose == .palette ? ":" : "/" }

    /// Where the query is typed on a screen.
    static func query(of choice: Choice, in size: Size) -> Rect {
        choice.picker.queryArea(in: areas(of: choice, in: ScreenAreas(size).body).list, prompt: prompt(choice))
    }

    private static func placeholder(_ choice: Choice) -> String {
        switch choice.purpose {
        case .palette: "a command, or a neuron's number"
        default: "type to search"
        }
    }

    private struct Areas {
        var box: Size
        var list: Rect
        var about: Rect
    }

    /// The list's rows are the items on show plus the query line; the words about an item go below.
    private static func areas(of choice: Choice, in area: Rect) -> Areas {
        let widest =
            choice.items.map { DisplayWidth.of($0.shown.title) + DisplayWidth.of($0.shown.note) + 6 }.max() ?? 20
        let width = min(area.width - 4, max(56, min(96, widest)))
        let aboutHeight = choice.hasAbout ? 5 : 0
        let height = min(area.height - 2, max(3, choice.items.count + 1) + aboutHeight + 2)
        let box = Size(width: width, height: height)
        var list = area.centered(box).interior
        let about = list.cutBottom(aboutHeight)
        return Areas(box: box, list: list, about: about)
    }
}

import TerminalKit

/// Where the panes of Live are.
struct LiveLayout {
    var prompt, tokens, atToken, wholePrompt, meter, answer: Rect
    /// The borders that can be moved.
    private(set) var splits: [PlacedSplit] = []

    init(_ state: ExplorerState) {
        let live = state.live
        var body = ScreenAreas(state.size).body
        body.width = Self.width(in: state.size)
        let none = Rect(x: body.x, y: body.y, width: 0, height: 0)
        (prompt, tokens, atToken, wholePrompt, meter, answer) = (none, none, none, none, none, none)
        if live.isZoomed {
            zoom(live.pane, body)
            return
        }
        let lines = live.editor.lines.reduce(0) { $0 + 1 + $1.count / max(1, body.width - 3) }
        let spare = body.height - 14
        prompt = body.cutTop(3 + min(max(0, lines - 1), max(0, min(7, spare / 4))))
        let hasAnswer = live.answer != .none || !live.answerText.isEmpty
        let answerHeight = hasAnswer ? max(3, min(12, body.height / 4)) : 0
        answer = body.cutBottom(answerHeight)
        // Tokens get what they need, within limits that keep both them and the lists in sight.
        let most = min(max(6, body.height * 9 / 20), body.height - 5)
        tokens = body.cutTop(max(3, min(most, max(6, live.tokenRows + 2))))
        var placer = SplitPlacer(state)
        placer.place(.tokens, between: &tokens, and: &body, leastHeights: (3, 4))
        placer.place(.answer, between: &body, and: &answer, leastHeights: (4, 3))
        splitLists(body)
        placer.place(.atToken, between: &atToken, and: &wholePrompt, leastWidths: (16, 16))
        if wholePrompt.isEmpty { placer.place(.atToken, between: &atToken, and: &meter, leastWidths: (16, 14)) }
        placer.place(.wholePrompt, between: &wholePrompt, and: &meter, leastWidths: (16, 14))
        splits = placer.placed
    }

    private static func width(in size: Size) -> Int {
        // Running text is hard to follow across a very wide screen.
        min(size.width, 240)
    }

    /// A list has a line of headings where it has rows to spare.
    static func headerHeight(of list: Rect) -> Int { list.interior.height >= 6 ? 1 : 0 }

    /// Rows of neurons on show in a list.
    static func rows(of list: Rect) -> Int { list.interior.height - headerHeight(of: list) }

    /// Columns inside of the border of the tokens' pane.
    static func tokensWidth(in size: Size) -> Int { max(1, width(in: size) - 2) }

    private mutating func zoom(_ pane: LiveState.Pane, _ body: Rect) {
        switch pane {
        case .prompt: prompt = body
        case .tokens: tokens = body
        case .atToken: atToken = body
        case .wholePrompt: wholePrompt = body
        case .meter: meter = body
        case .answer: answer = body
        }
    }

    private mutating func splitLists(_ lists: Rect) {
        let columns = lists.columns([
            .flexible(minimum: 24, maximum: 100, weight: 5, priority: 2),
            .flexible(minimum: 22, maximum: 90, weight: 4, priority: 1),
            .flexible(minimum: 19, maximum: 50, weight: 2, priority: 0),
        ])
        (atToken, wholePrompt, meter) = (columns[0], columns[1], columns[2])
    }

    private var all: [(LiveState.Pane, Rect)] {
        [
            (.prompt, prompt), (.tokens, tokens), (.atToken, atToken), (.wholePrompt, wholePrompt), (.meter, meter),
            (.answer, answer),
        ]
    }

    /// The panes on show, in the order of Tab.
    var panes: [LiveState.Pane] { all.filter { !$0.1.isEmpty }.map(\.0) }

    func rect(of pane: LiveState.Pane) -> Rect { all.first { $0.0 == pane }!.1 }

    func pane(at position: Position) -> LiveState.Pane? { all.first { $0.1.contains(position) }?.0 }
}

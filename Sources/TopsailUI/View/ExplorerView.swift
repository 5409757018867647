import TerminalKit

extension Explorer {
    /// Draws a state. Takes a few milliseconds at most and changes nothing.
    public static func frame(of state: ExplorerState) -> Frame {
        var frame = Frame(size: state.size)
        if state.isTooSmall {
            TooSmallCard.draw(state, into: &frame)
            return frame
        }
        let areas = ScreenAreas(state.size)
        var tabs = state.tabBar
        tabs.trailing = TitleLine.trailing(state)
        tabs.draw(into: &frame, in: areas.tabs, theme: state.theme)
        switch state.screen {
        case .browse: BrowseView(state).draw(into: &frame)
        case .live: LiveView(state).draw(into: &frame)
        case .contrast: ContrastView(state).draw(into: &frame)
        case .checkpoints: CheckpointsView(state).draw(into: &frame)
        }
        drawOverlay(state, into: &frame, in: areas.body)
        TourView.draw(state, into: &frame, in: areas.body)
        let line = StatusBar.line(for: state)
        state.toasts.draw(
            into: &frame, in: areas.body, lineWidth: line.messageWidth(in: areas.status.width, theme: state.theme),
            theme: state.theme)
        line.draw(into: &frame, in: areas.status, theme: state.theme)
        if state.theme.glyphs.isASCII { frame.replaceWithASCII() }
        return frame
    }

    private static func drawOverlay(_ state: ExplorerState, into frame: inout Frame, in area: Rect) {
        switch state.overlay {
        case .choice(let choice): ChoiceView.draw(choice, into: &frame, in: area, theme: state.theme)
        case .writing(let dialog): WritingView.draw(dialog, of: state, into: &frame, in: area)
        case .export(let dialog): ExportView.draw(dialog, of: state, into: &frame, in: area)
        case .messages(let scroll):
            MessagesView.draw(state.messages, scroll: scroll, into: &frame, in: area, theme: state.theme)
        case .line(let dialog): LineDialogView.draw(dialog, of: state, into: &frame, in: area)
        case .pair(let dialog): PairDialogView.draw(dialog, of: state, into: &frame, in: area)
        case .batch(let cursor): BatchView.draw(state, cursor, into: &frame, in: area)
        case .jobs(let cursor): JobsView.draw(state, cursor, into: &frame, in: area)
        case .commands(let cursor): CommandsView.draw(state, cursor, into: &frame, in: area)
        case nil: break
        }
    }
}

/// What stands at the right end of the tab bar.
enum TitleLine {
    static let noLanguageModel = "no language model"

    /// The model, and where its SAEs read.
    static func trailing(_ state: ExplorerState) -> String {
        guard let summary = state.summary else { return "opening the catalog…" }
        let model = state.live.status?.modelName ?? summary.modelName ?? "no model"
        var parts = [summary.hasLanguageModel ? model : noLanguageModel]
        if summary.saes.count == 1 {
            if let hook = summary.saes[0].hook { parts.append(hook.description) }
        } else if !summary.saes.isEmpty {
            parts.append("\(summary.saes.count) SAEs")
        }
        return parts.joined(separator: " · ")
    }
}

/// Shown instead of everything else in a terminal that is too small for it.
enum TooSmallCard {
    static func draw(_ state: ExplorerState, into frame: inout Frame) {
        let theme = state.theme
        let need = ExplorerState.minimumSize
        // There is no palette here, so without a key of its own Ctrl-C does it.
        let key = state.keys.chord(for: .quit, in: [.anywhere]) ?? KeyChord("c", .control)
        let lines = ["Topsail needs \(need)", "terminal is \(frame.size)", "\(key) quits"]
        let top = max(0, (frame.height - lines.count) / 2)
        for (row, line) in lines.enumerated() {
            let x = max(0, (frame.width - DisplayWidth.of(line)) / 2)
            frame.put(line, at: Position(x: x, y: top + row), style: theme.style(row == 0 ? .title : .dim))
        }
    }
}

extension Frame {
    /// Replaces the few signs in words and numbers that ASCII lacks. Text from data keeps its own characters.
    mutating func replaceWithASCII() {
        for y in 0..<height {
            for x in 0..<width {
                guard let sign = Self.standIns[self[x, y].text] else { continue }
                put(sign, at: Position(x: x, y: y), style: self[x, y].style)
            }
        }
    }

    private static let standIns: [String: String] = [
        "·": ".", "−": "-", "—": "-", "–": "-", "…": "~", "“": "\"", "”": "\"", "↵": "$", "⇥": ">", "∅": "0", "×": "x",
        "≥": ">", "≤": "<", "→": ">", "↓": "v", "↑": "^", "⟨": "<", "⟩": ">",
    ]
}

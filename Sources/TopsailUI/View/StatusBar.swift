import TerminalKit

/// The words of the bottom line.
enum StatusBar {
    static func line(for state: ExplorerState) -> StatusLine {
        StatusLine(state: words(state), hints: hints(state))
    }

    // MARK: State and position

    private static func words(_ state: ExplorerState) -> String {
        if let problem = state.browse.filterProblem, state.browse.filterLine != nil {
            return problem.description + (problem.hint.map { "; \($0)" } ?? "")
        }
        if case .choice(let choice) = state.overlay {
            return choice.picker.shown.isEmpty
                ? "nothing matches" : "\(choice.picker.cursor.selected + 1)/\(choice.picker.shown.count)"
        }
        switch state.screen {
        case .browse: return browseWords(state)
        case .live: return liveWords(state)
        }
    }

    private static func browseWords(_ state: ExplorerState) -> String {
        let browse = state.browse
        guard let total = browse.rows.total else { return "reading the catalog…" }
        var parts = [total == 0 ? "0" : "\(Figures.count(browse.cursor.selected + 1))/\(Figures.count(total))"]
        if !browse.filterText.isEmpty, state.categories.all > total {
            parts[0] += " of \(Figures.count(state.categories.all))"
        }
        if !browse.marks.isEmpty { parts.append("\(browse.marks.count) marked") }
        if browse.isStale { parts.append("…") }
        return parts.joined(separator: " · ")
    }

    private static func liveWords(_ state: ExplorerState) -> String {
        let live = state.live
        switch live.model {
        case .loading(let since) where live.sequence.tokens.isEmpty:
            return "loading the model" + elapsed(state.now - since)
        case .failed: return "no model"
        case .absent: return TitleLine.noLanguageModel
        default: break
        }
        if case .running(let since) = live.answer {
            return "\(Spinner.sign(at: state.now, theme: state.theme)) answering" + elapsed(state.now - since)
        }
        guard let token = live.selectedToken else { return "ready" }
        var words = "token \(token + 1)/\(live.sequence.tokens.count)"
        if live.isBehind { words += " …" }
        return words
    }

    private static func elapsed(_ duration: Duration) -> String {
        duration >= .seconds(1) ? " \(Figures.seconds(duration))" : ""
    }

    // MARK: Hints

    private static func hints(_ state: ExplorerState) -> [StatusLine.Hint] {
        switch state.overlay {
        case .choice(let choice):
            let keep: [StatusLine.Hint] =
                if case .tags = choice.purpose { [.init("Tab", "toggle and stay")] } else { [] }
            let verb =
                switch choice.purpose {
                case .tags: "toggle"
                case .palette, .help: "run"
                case .copy: "copy"
                default: "open"
                }
            return [.init("Enter", verb)] + keep + [.init("Esc", "close"), .init("type", "to search")]
        case .writing: return [.init("Enter", "save"), .init("Alt-Enter", "new line"), .init("Esc", "leave as it was")]
        case .export:
            return [.init("Enter", "write"), .init("Tab", "field"), .init("h/l", "format"), .init("Esc", "close")]
        case .messages: return [.init("Esc", "close"), .init("j/k", "scroll")]
        case nil: break
        }
        if state.screen == .browse, state.browse.filterLine != nil {
            return [.init("Enter", "keep"), .init("Esc", "clear"), .init("Tab", "complete")]
        }
        var hints = KeyMap.standard.hints(for: state).map { StatusLine.Hint(short($0), $0.short) }
        if state.screen == .live, state.live.pane == .tokens {
            hints.insert(.init("h/l", "token"), at: min(1, hints.count))
        }
        if state.live.answer.isRunning, state.screen == .live {
            hints.insert(.init("Esc", "stop"), at: min(1, hints.count))
        }
        return hints
    }

    private static func short(_ binding: Binding) -> String { binding.chords.first?.description ?? "" }
}

/// Something that moves while work is under way. Not braille: screen readers read that aloud.
enum Spinner {
    static func sign(at now: Duration, theme: Theme) -> String {
        let signs = theme.glyphs.isASCII ? ["|", "/", "-", "\\"] : ["◐", "◓", "◑", "◒"]
        return signs[Int(now.inSeconds * 4) % signs.count]
    }
}

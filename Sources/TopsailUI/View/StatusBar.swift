import TerminalKit

/// The words of the bottom line.
enum StatusBar {
    static func line(for state: ExplorerState) -> StatusLine {
        StatusLine(state: words(state), hints: hints(state), message: state.toasts.line)
    }

    // MARK: State and position

    private static func words(_ state: ExplorerState) -> String {
        if let problem = state.browse.filterProblem, state.browse.filterLine != nil {
            return problem.description + (problem.hint.map { "; \($0)" } ?? "")
        }
        if case .choice(let choice) = state.overlay {
            if let name = choice.namedNeuron { return "neuron \(name)" }
            return choice.picker.shown.isEmpty
                ? "nothing matches" : "\(choice.picker.cursor.selected + 1)/\(choice.picker.shown.count)"
        }
        switch state.screen {
        case .browse: return browseWords(state)
        case .live: return liveWords(state)
        case .contrast: return working(state) ?? contrastWords(state)
        case .checkpoints: return working(state) ?? checkpointWords(state)
        }
    }

    /// The work under way: `◐ contrast of Threat 120/970 12.4 s`.
    private static func working(_ state: ExplorerState) -> String? {
        guard let job = state.jobs.last(where: { $0.kind != .answer && $0.kind != .model }) else { return nil }
        var words = "\(Spinner.sign(at: state.now, theme: state.theme)) \(job.title)"
        if let progress = job.progress { words += " \(Figures.count(progress.done))/\(Figures.count(progress.of))" }
        let others = state.jobs.count - 1
        return words + elapsed(state.now - job.since) + (others > 0 ? " +\(others)" : "")
    }

    private static func contrastWords(_ state: ExplorerState) -> String {
        let contrast = state.contrast
        guard contrast.pairs != nil else { return "reading the pairs…" }
        func place(_ cursor: ListCursor, of count: Int) -> String {
            count == 0 ? "0" : "\(Figures.count(cursor.selected + 1))/\(Figures.count(count))"
        }
        var parts: [String] =
            switch contrast.pane {
            case .concepts:
                [
                    place(contrast.conceptCursor, of: contrast.conceptRows.count)
                        + (contrast.conceptRows.count < contrast.concepts.count
                            ? " of \(Figures.count(contrast.concepts.count))" : "")
                ]
            case .saes: [place(contrast.saeCursor, of: contrast.saes.count)]
            case .neurons:
                [
                    place(contrast.neuronCursor, of: contrast.neuronRows.count)
                        + (contrast.neuronRows.count < contrast.side?.total ?? 0
                            ? " of \(Figures.count(contrast.side?.total ?? 0))" : "")
                ]
            case .pairs: [place(contrast.pairCursor, of: contrast.shownPairs.count)]
            }
        if !contrast.marks.isEmpty { parts.append("\(contrast.marks.count) marked") }
        return parts.joined(separator: " · ")
    }

    private static func checkpointWords(_ state: ExplorerState) -> String {
        let checkpoints = state.checkpoints
        guard let entries = checkpoints.entries else { return "reading the list…" }
        var parts = [entries.isEmpty ? "0" : "\(checkpoints.cursor.selected + 1)/\(entries.count)"]
        if checkpoints.pane == .matches, let comparison = checkpoints.comparison {
            parts = ["\(checkpoints.matchCursor.selected + 1)/\(Figures.count(comparison.matches.count))"]
        }
        if !checkpoints.marks.isEmpty { parts.append("\(checkpoints.marks.count) marked") }
        return parts.joined(separator: " · ")
    }

    private static func browseWords(_ state: ExplorerState) -> String {
        let browse = state.browse
        guard let total = browse.rows.total else { return "reading the catalog…" }
        if let working = working(state) { return working }
        var parts = [total == 0 ? "0" : "\(Figures.count(browse.cursor.selected + 1))/\(Figures.count(total))"]
        if !browse.filterText.isEmpty, let all = state.count(of: browse.query.scope), all > total {
            parts[0] += " of \(Figures.count(all))"
        }
        if !browse.marks.isEmpty { parts.append("\(browse.marks.count) marked") }
        if let repeats = state.repeats { parts.append("×\(repeats)") }
        if browse.isStale { parts.append("…") }
        return parts.joined(separator: " · ")
    }

    private static func liveWords(_ state: ExplorerState) -> String {
        let live = state.live
        if state.job(.batch) != nil, let words = working(state) { return words }
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
        guard let token = live.selectedToken else { return live.refusal == nil ? "ready" : "not read" }
        // Counted from 0, as everywhere else that a token has a number.
        var words = "token [\(token)] of \(live.sequence.tokens.count)"
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
                switch choice.purpose {
                case .tags: [.init("Tab", "toggle and stay")]
                case .queries: [.init("Del", "take away")]
                default: []
                }
            let verb =
                switch choice.purpose {
                case .tags: "toggle"
                case .palette, .help: "run"
                case .copy: "copy"
                case .prompts: "use"
                case .queries: "list"
                default: "open"
                }
            return [.init("Enter", verb)] + keep + [.init("Esc", "close"), .init("type", "to search")]
        case .writing: return [.init("Enter", "save"), .init("Alt-Enter", "new line"), .init("Esc", "leave as it was")]
        case .export(let dialog):
            return [.init("Enter", "write")]
                + (dialog.field == .path
                    ? [.init("Tab", "complete"), .init("Up", "format")]
                    : [.init("Tab", "file"), .init("h/l", "format")])
                + [.init("Esc", "close")]
        case .messages: return [.init("Esc", "close"), .init("j/k", "scroll")]
        case .line(let dialog):
            return [.init("Enter", "go on")] + (dialog.takesPath ? [.init("Tab", "complete")] : [])
                + [.init("Esc", "leave")]
        case .pair:
            return [.init("Enter", "keep"), .init("Tab", "field"), .init("Esc", "leave")]
        case .batch:
            let isRunning = state.job(.batch) != nil
            return [
                .init("Esc", isRunning ? "stop" : "close"), .init("Enter", "to Live"), .init("s", "sort"),
                .init("o", "another file"),
            ] + (isRunning ? [.init("q", "close, and go on")] : [])
        case .jobs: return (state.jobs.isEmpty ? [] : [.init("x", "stop it")]) + [.init("Esc", "close")]
        case .commands: return [.init("y", "copy"), .init("Y", "copy all"), .init("Esc", "close")]
        case nil: break
        }
        if state.search.line != nil {
            let keys = "\(state.keyName(of: .nextMatch)) \(state.keyName(of: .previousMatch))"
            return [.init("Enter", "keep; \(keys) next, previous"), .init("Esc", "clear")]
        }
        if state.screen == .contrast, state.contrast.filterLine != nil {
            return [.init("Enter", "keep"), .init("Esc", "clear")]
        }
        if state.screen == .browse, state.browse.filterLine != nil {
            return [.init("Enter", "keep"), .init("Esc", "clear"), .init("Tab", "complete")]
        }
        var hints = state.keys.hints(for: state).map { StatusLine.Hint(short($0), $0.short) }
        if state.screen == .live, state.live.pane == .tokens {
            hints.insert(
                .init("\(state.keyName(of: .left))/\(state.keyName(of: .right))", "token"), at: min(1, hints.count))
        }
        if state.screen != .live, state.jobs.contains(where: { $0.kind != .model && $0.kind != .answer }) {
            let hint: StatusLine.Hint =
                state.screen == .browse
                ? .init(state.keyName(of: .showJobs), "jobs") : .init(state.keyName(of: .back), "stop")
            hints.insert(hint, at: min(1, hints.count))
        }
        if state.live.answer.isRunning || state.job(.batch) != nil, state.screen == .live {
            hints.insert(.init(state.keyName(of: .back), "stop"), at: min(1, hints.count))
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

import TerminalKit
import TopsailEngine

/// Keys on the second screen.
extension ExplorerState {
    mutating func performInLive(_ action: Action) -> [Effect] {
        switch action {
        case .up: moveInLive(by: -step)
        case .down: moveInLive(by: step)
        case .pageUp, .halfPageUp: moveInLive(by: -max(1, livePaneHeight / (action == .pageUp ? 1 : 2)))
        case .pageDown, .halfPageDown: moveInLive(by: max(1, livePaneHeight / (action == .pageDown ? 1 : 2)))
        case .first: moveToEnd(isLast: false)
        case .last: moveToEnd(isLast: true)
        case .left: pickToken((live.selectedToken ?? 0) - 1)
        case .right: pickToken((live.selectedToken ?? 0) + 1)
        case .nextPane: cycleLivePane(by: 1)
        case .previousPane: cycleLivePane(by: -1)
        case .zoom: live.isZoomed.toggle()
        case .open: return openInLive()
        case .back: return stepOutOfLive()
        case .editPrompt: live.pane = .prompt
        case .leaveEditor: live.pane = .tokens
        case .newLine:
            live.editor.insert("\n")
            return promptChanged()
        case .answer, .rerun: return startAnswer()
        case .continueAnswer: return continueAnswer()
        case .sampling: overlay = .line(LineDialog(.sampling, text: live.sampling.words))
        case .colouring: return nextColouring()
        case .chatTemplate:
            live.usesChatTemplate.toggle()
            say(live.usesChatTemplate ? "the prompt is read as a chat message" : "the prompt is read as plain text")
            return promptChanged()
        case .pin: togglePin()
        case .byLayer: live.isByLayer.toggle()
        case .hold: return toggleHeld()
        case .systemMessage: overlay = .line(LineDialog(.systemMessage, text: live.systemMessage ?? ""))
        case .openPrompts: overlay = .line(LineDialog(.prompts, text: ""))
        case .batch: openBatch()
        default: break
        }
        return []
    }

    private var livePaneHeight: Int {
        let layout = LiveLayout(self)
        switch live.pane {
        case .prompt: return layout.prompt.interior.height
        case .tokens: return layout.tokens.interior.height
        case .atToken: return LiveLayout.rows(of: layout.atToken)
        case .wholePrompt: return LiveLayout.rows(of: layout.wholePrompt)
        case .meter: return layout.meter.interior.height
        case .answer: return layout.answer.interior.height
        }
    }

    private mutating func moveInLive(by rows: Int) {
        let height = livePaneHeight
        switch live.pane {
        case .prompt: break
        case .tokens:
            guard let token = live.selectedToken else { return }
            if let held = live.held {
                let strips = AlignedStrips(self, held: held)
                let layout = strips.layout(width: LiveLayout(self).tokens.interior.width)
                let chip = strips.below.selected.flatMap { layout.chip(from: $0, rowsDown: rows) }
                // A place that only the held prompt has leads to the next one of both.
                if let chip, let token = strips.columns[chip...].lazy.compactMap(\.right).first { pickToken(token) }
                return
            }
            let strip = LiveStrip(self)
            let layout = strip.strip.layout(width: LiveLayout(self).tokens.interior.width)
            // A page past the edge goes to the end; a single step past it goes nowhere.
            let edge = abs(rows) > 1 ? (rows < 0 ? 0 : strip.strip.chips.count - 1) : token
            pickToken(layout.chip(from: token, rowsDown: rows) ?? edge)
        case .atToken: live.atCursor.move(by: rows, count: live.atRows.count, height: height)
        case .wholePrompt: live.wholeCursor.move(by: rows, count: live.wholeRows.count, height: height)
        case .meter: live.meterCursor.move(by: rows, count: live.categories.count, height: height)
        case .answer: answerTop += rows
        }
    }

    private mutating func moveToEnd(isLast: Bool) {
        guard live.pane == .tokens else { return moveInLive(by: isLast ? 1 << 40 : -(1 << 40)) }
        pickToken(isLast ? live.sequence.tokens.count - 1 : 0)
    }

    mutating func pickToken(_ token: Int) {
        guard !live.sequence.tokens.isEmpty else { return }
        live.pickedToken = min(max(0, token), live.sequence.tokens.count - 1)
        live.atCursor = ListCursor()
    }

    private mutating func cycleLivePane(by step: Int) {
        let panes = LiveLayout(self).panes
        let place = panes.firstIndex(of: live.pane) ?? 0
        live.pane = panes[(place + step + panes.count) % panes.count]
    }

    private mutating func openInLive() -> [Effect] {
        if live.pane == .meter {
            guard let category = live.selectedCategory else { return [] }
            guard !category.evidence.isEmpty || !category.opposing.isEmpty else {
                say("no tagged neuron of \(category.label) fires here")
                return []
            }
            overlay = .choice(evidenceChoice(category))
            return []
        }
        return live.selectedNeuron.map { open($0) } ?? []
    }

    /// One step out: error, run, zoom, picked token, pane.
    private mutating func stepOutOfLive() -> [Effect] {
        if dismissError() { return [] }
        if live.answer.isRunning { return stopAnswer() }
        if job(.batch) != nil { return cancel(.batch) }
        if live.pane == .answer, !search.words.isEmpty {
            search = TextSearch()
        } else if live.isZoomed {
            live.isZoomed = false
        } else if live.held != nil, live.pane == .tokens {
            return toggleHeld()
        } else if live.pane != .tokens {
            live.pane = .tokens
        } else if live.pickedToken != nil {
            live.pickedToken = nil
        }
        return []
    }

    private mutating func nextColouring() -> [Effect] {
        let offered = LiveState.Colouring.allCases
        let place = offered.firstIndex(of: live.colouring) ?? 0
        live.colouring = offered[(place + 1) % offered.count]
        let tokens = live.sequence.tokens
        let isKnown = tokens.isEmpty || tokens.contains { $0.surprisal != nil }
        guard live.colouring == .surprisal, !isKnown, !live.answer.isRunning else { return [] }
        // The model says it only when asked; what is on show stays meanwhile.
        live.generation += 1
        return [.report(live.request, generation: live.generation)]
    }

    private mutating func togglePin() {
        guard let key = live.selectedNeuron else { return }
        if let place = live.pins.firstIndex(of: key) { live.pins.remove(at: place) } else { live.pins.append(key) }
    }
}

/// Typing and reports.
extension ExplorerState {
    /// Goes to a screen by its number or its name in the bar. Live opens with its editor focused, so that typing is never taken for
    /// commands; ways back keep the pane.
    mutating func visit(_ target: Screen) -> [Effect] {
        let isElsewhere = screen != target
        let effects = show(target)
        if isElsewhere, target == .live {
            live.pane = .prompt
            live.isZoomed = false
        }
        return effects
    }

    mutating func enterLive() -> [Effect] {
        guard live.model == .unloaded else { return [] }
        live.model = .loading(since: now)
        begin(.model, "loading the model")
        return [.prepareModel]
    }

    /// A key that no binding has, while the prompt is being edited.
    mutating func type(_ chord: KeyChord) -> [Effect] {
        live.editor.handle(chord) == .changed ? promptChanged() : []
    }

    /// Asks for the neurons of what is typed now; an answer to an earlier prompt ends.
    mutating func promptChanged() -> [Effect] {
        var effects: [Effect] = live.answer.isRunning ? stopAnswer() : []
        live.keepAnswer()
        live.pickedToken = nil
        live.generation += 1
        if live.editor.isEmpty {
            live.sequence = LiveSequence()
            live.categories = []
            live.refusal = nil
            live.shownGeneration = live.generation
            effects.append(.cancelReport)
        } else if case .absent = live.model {
            live.shownGeneration = live.generation
        } else {
            effects.append(.report(live.request, generation: live.generation))
        }
        return effects
    }

    mutating func prepared(_ status: LiveStatus) {
        live.status = status
        live.model = status.absence.map { .absent($0) } ?? .ready
        end(.model)
    }

    mutating func receive(_ report: LiveReport, generation: Int) -> [Effect] {
        guard generation == live.generation else { return [] }
        return show(report) + followUp()
    }

    mutating func show(_ report: LiveReport) -> [Effect] {
        live.model = .ready
        live.refusal = nil
        live.sequence = LiveSequence(report)
        live.categories = report.categories
        live.elapsed = report.elapsed
        live.reusedTokens = report.reusedTokens
        live.shownGeneration = live.generation
        live.wholeCursor = ListCursor()
        if live.pickedToken == nil { live.atCursor = ListCursor() }
        return loadLabels(ofTokensFrom: 0)
    }

    /// The prompt could not be read: what is on show would belong to an earlier one.
    mutating func refuse(_ sentence: String) {
        live.sequence = LiveSequence()
        live.categories = []
        live.following = nil
        live.refusal = sentence
        live.shownGeneration = live.generation
        if messages.last != sentence { messages.append(sentence) }
    }

    func loadLabels(ofTokensFrom start: Int) -> [Effect] {
        var wanted: Set<NeuronKey> = []
        for token in live.sequence.tokens[start...] {
            for feature in token.features {
                let key = live.key(of: feature)
                if labels[key] == nil { wanted.insert(key) }
            }
        }
        return wanted.isEmpty ? [] : [.loadLabels(wanted.sorted { ($0.sae, $0.index) < ($1.sae, $1.index) })]
    }

    mutating func settleLive() -> [Effect] {
        guard screen == .live, !isTooSmall else { return [] }
        let width = LiveLayout.tokensWidth(in: size)
        let aligned = live.held.map { AlignedStrips(self, held: $0) }
        let strip = aligned?.below ?? LiveStrip(self).strip
        let rows = aligned?.layout(width: width) ?? strip.layout(width: width)
        let rowHeight = aligned?.bandHeight(theme: theme) ?? strip.rowHeight(theme: theme)
        live.tokenRows = rows.rows.count * rowHeight
        let layout = LiveLayout(self)
        if !layout.panes.contains(live.pane) { live.pane = .tokens }
        if live.editor.viewport != layout.prompt.interior.size { live.editor.viewport = layout.prompt.interior.size }
        let height = layout.tokens.interior.height / rowHeight
        if live.tokensWidth != width {
            live.tokensWidth = width
            if let first = live.firstToken, let row = rows.row(of: first) { live.firstTokenRow = row }
        }
        let shown = aligned == nil ? live.selectedToken : strip.selected
        live.firstTokenRow = rows.scrolled(live.firstTokenRow, toShow: shown, height: max(1, height))
        live.firstToken = rows.rows[live.firstTokenRow].first?.chip
        live.atCursor.reveal(count: live.atRows.count, height: LiveLayout.rows(of: layout.atToken))
        live.wholeCursor.reveal(count: live.wholeRows.count, height: LiveLayout.rows(of: layout.wholePrompt))
        live.meterCursor.reveal(count: live.categories.count, height: layout.meter.interior.height)
        return []
    }
}

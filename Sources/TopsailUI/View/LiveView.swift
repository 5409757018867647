import TerminalKit
import TopsailCore
import TopsailEngine

/// Draws the second screen.
struct LiveView {
    let state: ExplorerState
    let layout: LiveLayout

    init(_ state: ExplorerState) {
        self.state = state
        layout = LiveLayout(state)
    }

    private var theme: Theme { state.theme }
    private var live: LiveState { state.live }

    private func hasFocus(_ pane: LiveState.Pane) -> Bool { state.overlay == nil && live.pane == pane }

    func draw(into frame: inout Frame) {
        if !layout.tokens.isEmpty { drawTokens(into: &frame) }
        let lists = LiveListView(state)
        if !layout.atToken.isEmpty {
            lists.drawAtToken(into: &frame, in: layout.atToken, isFocused: hasFocus(.atToken))
        }
        if !layout.wholePrompt.isEmpty {
            lists.drawWholePrompt(into: &frame, in: layout.wholePrompt, isFocused: hasFocus(.wholePrompt))
        }
        if !layout.meter.isEmpty { drawMeter(into: &frame) }
        if !layout.answer.isEmpty { drawAnswer(into: &frame) }
        if !layout.prompt.isEmpty { drawPrompt(into: &frame) }
    }

    private func drawPrompt(into frame: inout Frame) {
        let isFocused = hasFocus(.prompt)
        let title = "Prompt   " + (isFocused ? editorKeys : "\(state.keyName(of: .editPrompt)) edits")
        var template = live.hasChatTemplate ? (live.usesChatTemplate ? "chat" : "plain text") : "no template"
        if live.ownSystemMessage != nil { template = "chat, your system message" }
        let inside = PaneBox(title: title, note: template, isFocused: isFocused).draw(
            into: &frame, in: layout.prompt, theme: theme)
        live.editor.draw(into: &frame, in: inside, theme: theme, placeholder: placeholder, isFocused: isFocused)
    }

    private var editorKeys: String {
        let words: [(Action, String)] = [
            (.answer, " answers"), (.newLine, " new line"), (.leaveEditor, " to the tokens"),
        ]
        return words.map { state.keyName(of: $0) + $1 }.joined(separator: " · ")
    }

    private var placeholder: String {
        if case .absent = live.model { return "" }
        return "Type a prompt; its neurons show while you type."
    }

    private func drawTokens(into frame: inout Frame) {
        let isFocused = hasFocus(.tokens)
        if let held = live.held, live.refusal == nil { return drawAligned(held, into: &frame, isFocused: isFocused) }
        let strip = LiveStrip(state)
        let count = strip.strip.chips.count
        let title = count == 0 ? "Tokens" : "\(count) tokens \(strip.subject)"
        let note =
            count == 0
            ? ""
            : [strip.scale, "\(state.keyName(of: .colouring)): \(live.colouring.rawValue)"].filter { !$0.isEmpty }
                .joined(separator: " · ")
        let inside = PaneBox(title: title, note: note, isFocused: isFocused).draw(
            into: &frame, in: layout.tokens, theme: theme)
        guard count > 0 else {
            let isRefused = live.refusal != nil && !live.isBehind
            frame.putParagraphs(emptyWords, in: inside, style: theme.style(isRefused ? .warning : .dim))
            return
        }
        let place = strip.strip.draw(into: &frame, in: inside, theme: theme, firstRow: live.firstTokenRow)
        if isFocused, let place { frame.cursor = place }
        if live.isBehind { frame.restyle(inside) { $0.attributes.insert(.dim) } }
    }

    /// Two prompts, what is the same in both in the same column.
    private func drawAligned(_ held: HeldPrompt, into frame: inout Frame, isFocused: Bool) {
        let strips = AlignedStrips(state, held: held)
        let inside = PaneBox(
            title: "A held, B typed, \(strips.subject)",
            note: [strips.scale, "\(state.keyName(of: .colouring)): \(live.colouring.rawValue)"].filter { !$0.isEmpty }
                .joined(separator: " · "),
            isFocused: isFocused
        ).draw(into: &frame, in: layout.tokens, theme: theme)
        let place = strips.draw(into: &frame, in: inside, theme: theme, firstRow: live.firstTokenRow)
        if isFocused, let place { frame.cursor = place }
        if live.isBehind { frame.restyle(inside) { $0.attributes.insert(.dim) } }
    }

    private var emptyWords: [String] {
        switch live.model {
        case .failed(let reason):
            return [PrintableText.printable(reason), "", "topsail setup fetches the model; 1 goes back to Browse."]
        case .absent(let reason): return [PrintableText.printable(reason) + "; 1 goes back to Browse."]
        case .loading: return ["The model is being loaded; you can type already."]
        default:
            if let refusal = live.refusal { return ["This prompt was not read: \(PrintableText.printable(refusal))."] }
            return ["The tokens of the prompt, coloured by the neurons that fire on them."]
        }
    }

    private func drawMeter(into frame: inout Frame) {
        let isFocused = hasFocus(.meter)
        let ranked = live.rankedCategories
        let basis = ranked.first?.isCalibrated == true ? "calibrated" : layout.meter.width >= 21 ? "heuristic" : "guess"
        let inside = PaneBox(title: "Meter (\(basis))", isFocused: isFocused)
            .draw(into: &frame, in: layout.meter, theme: theme)
        if ranked.isEmpty {
            frame.putParagraphs(["No categories yet."], in: inside, style: theme.style(.dim))
        }
        for row in live.meterCursor.visible(count: ranked.count, height: inside.height) {
            let category = ranked[row]
            var line = inside.row(row - live.meterCursor.offset)
            let isSelected = row == live.meterCursor.selected
            let sign = line.cutLeft(1)
            Meter(
                PrintableText.printable(category.label), level: Double(category.score),
                value: Figures.share(Double(category.score))
            )
            .draw(into: &frame, in: line, theme: theme, labelWidth: min(22, max(8, line.width * 2 / 5)), valueWidth: 4)
            if isSelected {
                frame.put(theme.glyphs.selectionMark, at: sign.origin)
                let style = theme.style(isFocused ? .selection : .inactiveSelection)
                frame.restyle(inside.row(row - live.meterCursor.offset)) {
                    $0 = $0.on(style.background).adding(style.attributes)
                }
                if isFocused { frame.cursor = sign.origin }
            }
        }
    }

    private func drawAnswer(into frame: inout Frame) {
        let isFocused = hasFocus(.answer)
        let rect = layout.answer
        let (width, height) = (rect.interior.width, rect.interior.height)
        let lines = AnswerDocument(state, width: width).lines
        let text = RunningText(
            lines, top: lines.count - height - live.answerScroll, height: height,
            search: isFocused ? state.search : nil)
        let note = text.note(room: rect.width / 3, theme: theme)
        let inside = PaneBox(title: answerTitle, note: note, isFocused: isFocused)
            .draw(into: &frame, in: rect, theme: theme)
        text.draw(into: &frame, in: inside, theme: theme)
    }

    private var answerTitle: String {
        let count = live.sequence.answerTokens.count
        let tokens = "\(count) token\(count == 1 ? "" : "s")"
        let fresh = Double(max(0, count - live.writtenBefore))
        let goesOn = live.whyNotContinued == nil ? " · \(state.keyName(of: .continueAnswer, in: [.live])) goes on" : ""
        if live.earlierAnswer != nil { return "Answer to the earlier prompt" }
        switch live.answer {
        case .none: return "Answer"
        case .running(let since):
            let seconds = (state.now - since).inSeconds
            let speed =
                seconds > 0.5 && fresh > 0 ? " · \(Figures.fixed(fresh / seconds, decimals: 1)) tok/s" : ""
            return "Answer   \(tokens)\(speed) · \(state.keyName(of: .back)) stops and keeps the text"
        case .finished(let endOfTurn, let took):
            let speed = took > .zero ? " · \(Figures.fixed(fresh / took.inSeconds, decimals: 1)) tok/s" : ""
            return "Answer   \(tokens)\(speed)" + (endOfTurn ? "" : " · cut at the limit") + goesOn
        case .stopped: return "Answer   \(tokens) · stopped" + goesOn
        }
    }
}

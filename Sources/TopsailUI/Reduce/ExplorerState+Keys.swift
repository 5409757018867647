import TerminalKit

/// From a key to what it does.
extension ExplorerState {
    mutating func press(_ chord: KeyChord) -> [Effect] {
        if isTooSmall {
            let action = keys.binding(for: chord, in: [.anywhere, .always])?.action
            return action == .quit || action == .interrupt ? quit() : []
        }
        if overlay != nil {
            if let action = lastingAction(of: chord) { return perform(action) }
            return pressInOverlay(chord)
        }
        if chord == "Esc", leavesTour() { return [] }
        if let effects = pressInLine(chord) { return effects }
        if takesRepeat(chord) { return [] }
        defer { repeats = nil }
        if let binding = keys.binding(for: chord, in: keyContexts) {
            if let reason = binding.unavailable(self) {
                say(reason)
                return []
            }
            return perform(binding.action, times: repeats ?? 1)
        }
        if screen == .live, live.pane == .prompt { return type(chord) }
        say(reasonForNothing(chord))
        return []
    }

    /// The key in the line that is typed inside of a pane: what lasts comes first, and what interrupts closes the line.
    ///
    /// - Returns: `nil` where no line is open.
    private mutating func pressInLine(_ chord: KeyChord) -> [Effect]? {
        let isSearch = search.line != nil
        let isFilter = screen == .browse && browse.filterLine != nil
        guard isSearch || isFilter || screen == .contrast && contrast.filterLine != nil else { return nil }
        let lasting = lastingAction(of: chord)
        if let lasting, lasting != .interrupt { return perform(lasting) }
        let chord = lasting == .interrupt ? "Esc" : chord
        return isSearch ? pressInSearch(chord) : isFilter ? pressInFilter(chord) : pressInContrastFilter(chord)
    }

    /// Why a key does nothing here: what it does in another pane of this screen, else that it has no meaning on it.
    private func reasonForNothing(_ chord: KeyChord) -> String {
        let elsewhere: [KeyContext] = screen == .contrast ? [.concepts, .contrastNeurons, .pairs] : []
        if let binding = keys.binding(for: chord, in: elsewhere) {
            let pane = binding.context.title.split(separator: ": ").last ?? ""
            return "\(chord) works in the list of \(pane); \(keyName(of: .nextPane)) goes there"
        }
        return "\(chord) does nothing on this screen; \(keyName(of: .help)) lists the keys"
    }

    /// A digit of how often the next movement is made: with Alt any, alone one that is no screen's or other key, and
    /// all that go on with a number. Esc takes the number back.
    private mutating func takesRepeat(_ chord: KeyChord) -> Bool {
        guard !(screen == .live && live.pane == .prompt) else { return false }
        if repeats != nil, chord == "Esc" {
            repeats = nil
            return true
        }
        let isFree = repeats != nil || keys.binding(for: chord, in: keyContexts) == nil
        guard let digit = chord.altDigit ?? (isFree ? chord.digit : nil), digit > 0 || repeats != nil else {
            return false
        }
        repeats = min(99_999, (repeats ?? 0) * 10 + digit)
        return true
    }

    /// Movements are made as often as was typed before; everything else once.
    private mutating func perform(_ action: Action, times: Int) -> [Effect] {
        // One row up or down looks at `step` itself.
        guard times > 1, action.isRepeatable else { return perform(action) }
        return (0..<min(times, 500)).reduce(into: []) { effects, _ in effects += perform(action) }
    }

    /// Rows of one movement.
    var step: Int { repeats ?? 1 }

    /// What a key asks for even while a dialog or a filter's line has the keys.
    func lastingAction(of chord: KeyChord) -> Action? {
        guard let action = keys.binding(for: chord, in: [.always])?.action else { return nil }
        switch action {
        case .redraw, .suspend, .interrupt: return action
        default: return nil
        }
    }

    /// Does what a binding or the palette asks for.
    mutating func perform(_ action: Action) -> [Effect] {
        switch action {
        case .quit: return quit()
        case .redraw: return [.redraw]
        case .saveScreen: return [.saveScreen(Explorer.frame(of: self).plainText)]
        case .suspend: return [.suspend]
        case .interrupt: return interrupt()
        case .help: overlay = .choice(helpChoice())
        case .palette: overlay = .choice(paletteChoice())
        case .showMessages: overlay = .messages(scroll: 0)
        case .tour:
            beginTour()
            return [.tourBegan]
        case .showBrowse: return show(.browse)
        case .showLive: return visit(.live)
        case .showContrast: return show(.contrast)
        case .showCheckpoints: return show(.checkpoints)
        case .showJobs: overlay = .jobs(ListCursor())
        case .showCommands: overlay = .commands(ListCursor(selected: max(0, commands.count - 1)))
        case .shield: return toggleShield()
        case .unveil: unveiled = unveiled == current ? nil : current
        case .tryNeuron: return tryNeuron()
        case .addToList: if !targets.isEmpty { overlay = .line(LineDialog(.list(targets), text: "")) }
        case .toggleBars: showsBars.toggle()
        case .toggleMouse:
            isMouseOurs.toggle()
            say(
                isMouseOurs
                    ? "the mouse moves and selects here"
                    : "the mouse is the terminal's; \(keyName(of: .toggleMouse)) takes it back")
            return [.setMouse(isMouseOurs)]
        case .darkTheme: use(.dark)
        case .lightTheme: use(.light)
        case .monoTheme: use(.mono)
        case .highContrastTheme: use(.highContrast)
        case .largerPane, .smallerPane: return resizePane(isLarger: action == .largerPane)
        case .resetPanes: return resetPanes()
        case .goBack, .goForward: return travel(isBack: action == .goBack)
        case .tag, .explain, .note, .export, .copy, .neighbours: openDialog(for: action)
        case .search: openSearch()
        case .nextMatch, .previousMatch: goToMatch(by: action == .nextMatch ? step : -step)
        case .undo: return [.undo]
        case .redo: return [.redo]
        default:
            switch screen {
            case .browse: return performInBrowse(action)
            case .live: return performInLive(action)
            case .contrast: return performInContrast(action)
            case .checkpoints: return performInCheckpoints(action)
            }
        }
        return []
    }

    private mutating func use(_ name: Theme.Name) {
        // A session that began without colours keeps to that, except that it may choose its theme.
        theme = Theme(name, depth: name == .mono ? .mono : max(theme.depth, .sixteen), glyphs: theme.glyphs)
        say("theme \(name.rawValue)")
    }

    mutating func show(_ target: Screen) -> [Effect] {
        guard screen != target else { return [] }
        history.leave(place)
        screen = target
        return enter(target)
    }

    /// What a screen needs when it is shown for the first time.
    mutating func enter(_ screen: Screen) -> [Effect] {
        switch screen {
        case .browse: []
        case .live: enterLive()
        case .contrast: enterContrast()
        case .checkpoints: enterCheckpoints()
        }
    }

    /// Cancels what runs; pressed twice with nothing running, leaves.
    private mutating func interrupt() -> [Effect] {
        if let job = jobs.last(where: { $0.kind != .model }) { return cancel(job.kind) }
        if live.answer.isRunning { return stopAnswer() }
        if let last = lastInterrupt, now - last < .seconds(2) { return quit() }
        lastInterrupt = now
        say("Ctrl-C again leaves Topsail")
        return []
    }

    mutating func paste(_ text: String) -> [Effect] {
        switch overlay {
        case .choice(var choice):
            choice.picker.paste(text)
            overlay = .choice(choice)
            return []
        case .writing(var dialog):
            dialog.editor.insert(text)
            overlay = .writing(dialog)
            return []
        case .export(var dialog):
            if dialog.field == .path { dialog.path.insert(text) }
            overlay = .export(dialog)
            return []
        case .line(var dialog):
            dialog.editor.insert(text)
            overlay = .line(dialog)
            return []
        case .pair(var dialog):
            dialog[dialog.field].insert(text)
            overlay = .pair(dialog)
            return []
        case .messages, .jobs, .commands, .batch: return []
        case nil: break
        }
        if search.line != nil {
            search.line?.insert(text)
            searchTyped()
            return []
        }
        if screen == .browse, browse.filterLine != nil {
            browse.filterLine?.insert(text)
            return filterTyped()
        }
        if screen == .contrast, contrast.filterLine != nil {
            contrast.filterLine?.insert(text)
            contrastFilterTyped()
            return []
        }
        if screen == .live, live.pane == .prompt {
            live.editor.insert(text)
            return promptChanged()
        }
        overlay = .choice(pasteChoice(text))
        return []
    }
}

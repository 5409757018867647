import TerminalKit

/// From a key to what it does.
extension ExplorerState {
    mutating func press(_ chord: KeyChord) -> [Effect] {
        if isTooSmall {
            return chord == "q" || chord == "Ctrl-C" ? quit() : []
        }
        if overlay != nil {
            if let binding = KeyMap.standard.binding(for: chord, in: [.always]), Self.worksInOverlays(binding.action) {
                return perform(binding.action)
            }
            return pressInOverlay(chord)
        }
        if screen == .browse, browse.filterLine != nil { return pressInFilter(chord) }
        if let binding = KeyMap.standard.binding(for: chord, in: keyContexts) {
            if let reason = binding.unavailable(self) {
                say(reason)
                return []
            }
            return perform(binding.action)
        }
        if screen == .live, live.pane == .prompt { return type(chord) }
        return []
    }

    private static func worksInOverlays(_ action: Action) -> Bool {
        switch action {
        case .redraw, .suspend, .interrupt: true
        default: false
        }
    }

    /// Does what a binding or the palette asks for.
    mutating func perform(_ action: Action) -> [Effect] {
        switch action {
        case .quit: return quit()
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        case .interrupt: return interrupt()
        case .help: overlay = .choice(helpChoice())
        case .palette: overlay = .choice(paletteChoice())
        case .showMessages: overlay = .messages(scroll: 0)
        case .showBrowse: return show(.browse)
        case .showLive: return show(.live)
        case .toggleBars: showsBars.toggle()
        case .toggleMouse:
            isMouseOurs.toggle()
            say(isMouseOurs ? "the mouse moves and selects here" : "the mouse is the terminal's; M takes it back")
            return [.setMouse(isMouseOurs)]
        case .darkTheme: use(.dark)
        case .lightTheme: use(.light)
        case .monoTheme: use(.mono)
        case .highContrastTheme: use(.highContrast)
        case .goBack, .goForward: return travel(isBack: action == .goBack)
        case .tag, .explain, .note, .export, .copy, .neighbours: openDialog(for: action)
        case .undo: return [.undo]
        case .redo: return [.redo]
        default: return screen == .browse ? performInBrowse(action) : performInLive(action)
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
        return target == .live ? enterLive() : []
    }

    /// Cancels what runs; pressed twice with nothing running, leaves.
    private mutating func interrupt() -> [Effect] {
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
        case .messages: return []
        case nil: break
        }
        if screen == .browse, browse.filterLine != nil {
            browse.filterLine?.insert(text)
            return filterTyped()
        }
        if screen == .live, live.pane == .prompt {
            live.editor.insert(text)
            return promptChanged()
        }
        overlay = .choice(pasteChoice(text))
        return []
    }
}

import TerminalKit

/// Keys while something lies over the screen.
extension ExplorerState {
    mutating func pressInOverlay(_ chord: KeyChord) -> [Effect] {
        switch overlay {
        case .choice(let choice): return press(chord, in: choice)
        case .writing(let dialog): return press(chord, in: dialog)
        case .export(let dialog): return press(chord, in: dialog)
        case .messages(let scroll): pressInMessages(chord, scroll: scroll)
        case .line(let dialog): return press(chord, in: dialog)
        case .pair(let dialog): return press(chord, in: dialog)
        case .jobs(let cursor): return pressInJobs(chord, cursor)
        case .batch(let cursor): return pressInBatch(chord, cursor)
        case .commands(let cursor): return pressInCommands(chord, cursor)
        case nil: break
        }
        return []
    }

    private mutating func press(_ chord: KeyChord, in old: Choice) -> [Effect] {
        var choice = old
        let query = choice.picker.query.text
        if query.isEmpty, choice.closes(with: chord) || choice.purpose == .help && isKey(chord, of: .help) {
            overlay = nil
            return []
        }
        if query.isEmpty, chord == "/" { return [] }
        if chord == "Tab", case .tags = choice.purpose { return toggleTag(in: choice) }
        if chord == "Del", choice.purpose == .queries { return removeQuery(in: choice) }
        if chord == "Enter", choice.purpose == .palette, choice.picker.selection == nil || choice.namedNeuron != nil {
            overlay = nil
            return query.isEmpty ? [] : [.find(query, sae: current?.sae ?? summary?.saes.first?.name)]
        }
        switch choice.picker.handle(chord, height: ChoiceView.listHeight(of: choice, in: size)) {
        case .chosen(let item): return choose(choice.items[item])
        case .cancelled: overlay = nil
        case .changed, .ignored: overlay = .choice(choice)
        }
        return []
    }

    private mutating func choose(_ item: Choice.Item) -> [Effect] {
        if let reason = item.shown.disabledReason {
            say(reason)
            return []
        }
        overlay = nil
        switch item.value {
        case .action(let action): return perform(action)
        case .tag(let slug, let isOn): return [setTag(slug, isOn: !isOn)]
        case .neuron(let key): return open(key)
        case .copy(let text, let what): return [.copy(text, what: what)]
        case .query(let query): return run(query)
        case .usePrompt(let text): return showInLive(text, pane: .prompt)
        case .dismiss: return []
        }
    }

    private func setTag(_ slug: String, isOn: Bool) -> Effect {
        .setTag(slug, label: label(of: .category(slug)), on: targets, isOn: isOn)
    }

    /// Puts the selected tag on or off and leaves the list open for the next one.
    private mutating func toggleTag(in choice: Choice) -> [Effect] {
        guard let item = choice.picker.selection, case .tag(let slug, let isOn) = choice.items[item].value else {
            return []
        }
        let effects = [setTag(slug, isOn: !isOn)]
        overlay = .choice(choice.toggled(item, theme: theme))
        return effects
    }

    private mutating func press(_ chord: KeyChord, in old: WritingDialog) -> [Effect] {
        var dialog = old
        switch chord {
        case "Esc":
            overlay = nil
            if dialog.editor.text != dialog.original { say("left as it was") }
        case "Enter":
            overlay = nil
            let text = dialog.editor.text
            guard text != dialog.original else { return [] }
            switch dialog.subject {
            case .explanation: return [.setExplanation(text, of: dialog.key)]
            case .note: return [.setNote(text, of: dialog.key)]
            }
        case "Tab":
            if dialog.editor.isEmpty { dialog.editor.text = dialog.suggestion }
            overlay = .writing(dialog)
        default:
            dialog.editor.viewport = WritingView.editor(in: size).size
            _ = dialog.editor.handle(chord)
            overlay = .writing(dialog)
        }
        return []
    }

    private mutating func press(_ chord: KeyChord, in old: ExportDialog) -> [Effect] {
        var dialog = old
        switch chord {
        case "Esc":
            overlay = nil
            return []
        case "Enter":
            guard !dialog.path.text.isEmpty else {
                say("where to? type a file name")
                return []
            }
            overlay = nil
            record(dialog.request.command(name: fullName))
            begin(.export, "export of \(Figures.count(dialog.count)) neurons")
            return [.export(dialog.request)]
        case "Tab" where dialog.field == .path: return [.completePath(dialog.path.text)]
        case "Tab", "Shift-Tab", "Up", "Down": dialog.field = dialog.field == .format ? .path : .format
        default:
            if dialog.field == .path {
                dialog.path.viewport = ExportView.path(in: size).size
                _ = dialog.path.handle(chord)
            } else if ["Left", "h", "k"].contains(chord) {
                dialog.step(by: -1)
            } else if ["Right", "l", "j", "Space"].contains(chord) {
                dialog.step(by: 1)
            } else if chord == "q" {
                overlay = nil
                return []
            }
        }
        overlay = .export(dialog)
        return []
    }

    private mutating func pressInMessages(_ chord: KeyChord, scroll: Int) {
        switch chord {
        case "Esc", "q", "Enter": overlay = nil
        case "k", "Up": overlay = .messages(scroll: min(max(0, messages.count - 1), scroll + 1))
        case "j", "Down": overlay = .messages(scroll: max(0, scroll - 1))
        default: break
        }
    }
}

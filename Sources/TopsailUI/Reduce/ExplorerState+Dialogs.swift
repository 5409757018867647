import TerminalKit
import TopsailEngine

/// Keys while a line or a contrast pair is being typed, or the jobs or the session's commands are on show.
extension ExplorerState {
    mutating func press(_ chord: KeyChord, in old: LineDialog) -> [Effect] {
        var dialog = old
        switch chord {
        case "Esc":
            overlay = nil
            return []
        case "Enter":
            overlay = nil
            return finish(dialog.purpose, with: dialog.editor.text.trimmingBlanks)
        case "Tab" where dialog.takesPath: return [.completePath(dialog.editor.text)]
        default:
            dialog.completions = nil
            dialog.editor.viewport = LineDialogView.editor(in: size).size
            _ = dialog.editor.handle(chord)
            overlay = .line(dialog)
            return []
        }
    }

    /// Takes a completed path into the dialog it was asked for, unless something else was typed meanwhile.
    mutating func receive(_ completion: PathCompletion) {
        switch overlay {
        case .line(var dialog) where dialog.takesPath && dialog.editor.text == completion.typed:
            dialog.editor.text = completion.text
            dialog.completions = completion.words
            overlay = .line(dialog)
        case .export(var dialog) where dialog.field == .path && dialog.path.text == completion.typed:
            dialog.path.text = completion.text
            overlay = .export(dialog)
            if let words = completion.words { say(words) }
        default: break
        }
    }

    private mutating func finish(_ purpose: LineDialog.Purpose, with text: String) -> [Effect] {
        switch purpose {
        case .pairs: return text.isEmpty && contrast.file == nil ? [] : [.loadPairs(file: text.isEmpty ? nil : text)]
        case .checkpoint:
            guard !text.isEmpty else { return [] }
            record("topsail sae info \(text.shellQuoted)")
            return [.openCheckpoint(text)]
        case .systemMessage:
            let message = text.isEmpty ? nil : text
            guard message != live.systemMessage else { return [] }
            live.systemMessage = message
            say(message == nil ? "the template's own system message" : "the prompt has your system message")
            return promptChanged()
        case .list(let keys): return text.isEmpty ? [] : [.addToList(text, keys)]
        case .prompts: return text.isEmpty ? [] : [.loadPrompts(text)]
        case .batch: return text.isEmpty ? [] : readBatch(text)
        case .queryName(let filter): return saveQuery(filter, as: text)
        case .sampling:
            let problem = live.sampling.take(text)
            say(problem ?? "answers: \(live.sampling.words)", kind: problem == nil ? .info : .error)
            return []
        }
    }

    mutating func press(_ chord: KeyChord, in old: PairDialog) -> [Effect] {
        var dialog = old
        let fields = PairDialog.Field.allCases
        func step(_ offset: Int) {
            dialog.field = fields[(dialog.field.rawValue + offset + fields.count) % fields.count]
        }
        switch chord {
        case "Esc":
            overlay = nil
            return []
        case "Tab": step(1)
        case "Shift-Tab": step(-1)
        case "Enter":
            if dialog.replaced != nil, dialog.isEmptied {
                overlay = nil
                say("took the pair away")
                return keep(nil, replacing: dialog.replaced)
            }
            if let pair = dialog.pair {
                overlay = nil
                return keep(pair, replacing: dialog.replaced)
            }
            // What is still empty gets the keys.
            dialog.field = fields.first { dialog[$0].text.trimmingBlanks.isEmpty } ?? dialog.field
        default:
            dialog[dialog.field].viewport = PairDialogView.editor(of: dialog.field, in: size).size
            _ = dialog[dialog.field].handle(chord)
        }
        overlay = .pair(dialog)
        return []
    }

    mutating func pressInJobs(_ chord: KeyChord, _ cursor: ListCursor) -> [Effect] {
        var cursor = cursor
        switch chord {
        case "Esc", "q": overlay = nil
        case "x", "Enter", "Delete", "Backspace":
            guard jobs.indices.contains(cursor.selected) else { return [] }
            return cancel(jobs[cursor.selected].kind)
        case _ where isKey(chord, of: .showJobs): overlay = nil
        default:
            _ = cursor.handle(chord, count: jobs.count, height: max(1, size.height - 8))
            overlay = .jobs(cursor)
        }
        return []
    }

    mutating func pressInCommands(_ chord: KeyChord, _ cursor: ListCursor) -> [Effect] {
        var cursor = cursor
        switch chord {
        case "Esc", "q": overlay = nil
        case "y", "Enter":
            guard commands.indices.contains(cursor.selected) else { return [] }
            overlay = nil
            return [.copy(commands[cursor.selected], what: "the command")]
        case "Y":
            guard !commands.isEmpty else { return [] }
            overlay = nil
            let script = commands.joined(separator: "\n") + "\n"
            return [.copy(script, what: "\(commands.count) commands")]
        case _ where isKey(chord, of: .showCommands): overlay = nil
        default:
            _ = cursor.handle(chord, count: commands.count, height: max(1, size.height - 8))
            overlay = .commands(cursor)
        }
        return []
    }

    /// Keeps the command that shows what is on the screen, for the session's log.
    mutating func record(_ command: String) {
        commands.removeAll { $0 == command }
        commands.append(command)
        if commands.count > 200 { commands.removeFirst(commands.count - 200) }
    }
}

import TerminalKit
import TopsailEngine

/// Two prompts side by side, and neurons tried on any text.
extension ExplorerState {
    /// Holds the prompt on show as the one to compare with, or lets it go.
    mutating func toggleHeld() -> [Effect] {
        if live.held != nil {
            live.held = nil
            say("one prompt again")
            return []
        }
        guard !live.sequence.tokens.isEmpty, !live.isBehind else {
            say("there is no prompt to hold yet")
            return []
        }
        live.held = HeldPrompt(text: live.editor.text, sequence: live.sequence.promptOnly)
        live.pane = .prompt
        live.colouring = .neuron
        (live.atCursor, live.wholeCursor) = (ListCursor(), ListCursor())
        say("A is held; type B over it and see what changes")
        return []
    }

    /// Reads two prompts and shows them side by side.
    mutating func test(_ prompt: String, against other: String) -> [Effect] {
        var effects = show(.live)
        live.held = nil
        live.following = prompt
        live.pane = .tokens
        live.editor.text = other
        effects += promptChanged()
        return effects
    }

    /// A report came: if another prompt is to be compared with it, that one is read next.
    mutating func followUp() -> [Effect] {
        guard let next = live.following else { return [] }
        live.following = nil
        live.held = HeldPrompt(text: live.editor.text, sequence: live.sequence.promptOnly)
        live.editor.text = next
        return promptChanged()
    }

    /// Shows how one neuron fires on whatever is typed.
    mutating func tryNeuron() -> [Effect] {
        guard let key = current else { return [] }
        let effects = show(.live)
        live.pins.removeAll { $0 == key }
        live.pins.insert(key, at: 0)
        live.colouring = .neuron
        live.pane = .prompt
        say("\(name(of: key)) is pinned; type a text and see where it fires")
        return effects + (labels[key] == nil ? [.loadLabels([key])] : [])
    }

    mutating func receive(_ prompts: [String], from file: String) {
        for prompt in prompts.reversed() { live.editor.history.record(prompt) }
        let items = prompts.map { Choice.Item(.usePrompt($0), Self.firstLine(of: $0)) }
        overlay = .choice(Choice(.prompts, title: "\(Figures.count(prompts.count)) prompts of \(file)", items: items))
    }

    private static func firstLine(of prompt: String) -> String {
        TextLayout.truncate(prompt.printableLine, to: 90)
    }

    mutating func opened(_ entry: CheckpointEntry) -> [Effect] {
        checkpoints.add(entry)
        checkpoints.pane = .list
        // The check begins by itself: whether an SAE belongs to the model is the first thing to know.
        guard entry.path != nil, checkpoints.fits[entry.name] == nil else { return [] }
        begin(.fit, "fit check of \(entry.name)")
        return [.checkFit(entry)]
    }
}

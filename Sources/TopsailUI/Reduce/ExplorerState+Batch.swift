import TerminalKit
import TopsailCore
import TopsailEngine

/// Files of prompts that are read as a whole.
extension ExplorerState {
    /// What was found is shown again; without that, a file is asked for.
    mutating func openBatch() {
        overlay = live.batch == nil ? .line(LineDialog(.batch, text: "")) : .batch(ListCursor())
    }

    mutating func readBatch(_ path: String) -> [Effect] {
        live.batchGeneration += 1
        live.batch = LiveBatch(file: path)
        overlay = .batch(ListCursor())
        begin(.batch, "prompts of \(path)")
        var request = live.request
        request.text = ""
        request.wantsSurprisal = false
        record("topsail assess --file \(path.shellQuoted)" + (request.usesChatTemplate ? " --chat" : ""))
        return [.readBatch(path, as: request, generation: live.batchGeneration)]
    }

    mutating func receive(_ step: BatchStep, generation: Int) -> [Effect] {
        guard generation == live.batchGeneration, let file = live.batch?.file else { return [] }
        switch step {
        case .began(let count):
            live.batch?.total = count
            advance(.batch, "prompts of \(file)", done: 0, of: count)
        case .row(let row):
            live.batch?.append(row)
            let done = live.batch?.rows.count ?? 0
            advance(.batch, "prompts of \(file)", done: done, of: live.batch?.total ?? done)
            if let key = row.peak?.key, labels[key] == nil { return [.loadLabels([key])] }
        case .ended:
            end(.batch)
            say(
                "read \(Figures.count(live.batch?.rows.count ?? 0)) prompts; \(keyName(of: .batch, in: [.live])) shows what fired",
                kind: .success)
        }
        return []
    }

    /// The file could not be read: there is nothing to show.
    mutating func batchFailed(generation: Int) {
        guard generation == live.batchGeneration else { return }
        end(.batch)
        guard live.batch?.rows.isEmpty == true else { return }
        live.batch = nil
        if case .batch = overlay { overlay = nil }
    }

    mutating func pressInBatch(_ chord: KeyChord, _ cursor: ListCursor) -> [Effect] {
        var cursor = cursor
        switch chord {
        case "Esc":
            if job(.batch) != nil { return cancel(.batch) }
            overlay = nil
        case "q": overlay = nil
        case "Enter":
            guard let found = live.batch?[cursor.selected] else { return [] }
            overlay = nil
            return showInLive(found.row.prompt, pane: .tokens)
        case "s":
            live.batch?.sortNext()
            overlay = .batch(ListCursor())
        case "o": overlay = .line(LineDialog(.batch, text: ""))
        case _ where isKey(chord, of: .batch): overlay = nil
        default:
            _ = cursor.handle(chord, count: live.batch?.rows.count ?? 0, height: BatchView.rows(in: size))
            overlay = .batch(cursor)
        }
        return []
    }

    /// Makes a text the prompt, on the screen Live.
    mutating func showInLive(_ text: String, pane: LiveState.Pane) -> [Effect] {
        let effects = show(.live)
        live.pane = pane
        live.editor.text = text
        return effects + promptChanged()
    }
}

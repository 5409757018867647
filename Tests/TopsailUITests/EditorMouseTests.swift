import TerminalKit
import Testing
import TopsailUI

@Suite("Mouse in texts being typed") @MainActor struct EditorMouseTests {
    private let size = Size(width: 100, height: 30)

    /// Plays keys, clicks so many columns right of where a text begins, and types an `X` there.
    private func typed(_ keys: String, at offset: Int, from text: String) async throws -> ExplorerState {
        var state = await explore(keys, size: size).state
        let lines = Explorer.frame(of: state).plainText.split(separator: "\n", omittingEmptySubsequences: false)
        let y = try #require(lines.firstIndex { $0.contains(text) })
        let start = try #require(lines[y].firstRange(of: text)).lowerBound
        let x = lines[y].distance(from: lines[y].startIndex, to: start) + offset
        _ = Explorer.reduce(
            &state, .input(.mouse(MouseEvent(.press(.left, clicks: 1), at: Position(x: x, y: y)))))
        _ = Explorer.reduce(&state, .input(.key("X")))
        return state
    }

    @Test("the prompt, which gets the focus by it")
    func prompt() async throws {
        #expect(try await typed("2abcdef", at: 2, from: "abcdef").live.editor.text == "abXcdef")
        let second = try await typed("2abc<Alt-Enter>defgh<Esc>", at: 4, from: "defgh")
        #expect(second.live.editor.text == "abc\ndefgXh" && second.live.pane == .prompt)
        // Right of a line and below the text is its end.
        #expect(try await typed("2zq", at: 20, from: "zq").live.editor.text == "zqX")
    }

    @Test("filters and searches stay open; a click elsewhere keeps a filter")
    func lines() async throws {
        #expect(try await typed("/rivers", at: 2, from: "/rivers").browse.filterLine?.text == "rXivers")
        #expect(try await typed("3/weap", at: 3, from: "/weap").contrast.filterLine?.text == "weXap")
        #expect(try await typed("l/auto", at: 1, from: "/auto").search.line?.text == "Xauto")
        let state = try await typed("/rivers", at: 0, from: "dens%")
        #expect(state.browse.filterLine == nil && state.browse.filterText == "rivers")
    }

    @Test("dialogs: notes, lists, exports, pairs, and what is typed into the palette")
    func dialogs() async throws {
        func overlay(_ keys: String, at offset: Int, from text: String) async throws -> Overlay? {
            try await typed(keys, at: offset, from: text).overlay
        }
        guard case .writing(let note) = try await overlay("azword", at: 1, from: "zword") else { throw NoDialog() }
        #expect(note.editor.text == "zXword")
        guard case .line(let list) = try await overlay("mzwords", at: 6, from: "zwords") else { throw NoDialog() }
        #expect(list.editor.text == "zwordsX")
        guard case .export(let export) = try await overlay("x", at: 7, from: "topsail-neurons") else {
            throw NoDialog()
        }
        #expect(export.path.text == "topsailX-neurons.csv" && export.field == .path)
        guard case .export(let format) = try await overlay("x", at: 0, from: "jsonl") else { throw NoDialog() }
        #expect(format.format == .jsonl && format.path.text == "topsail-neurons.jsonl")
        guard case .pair(let pair) = try await overlay("3n", at: 0, from: "the same prompt without") else {
            throw NoDialog()
        }
        #expect(pair.absent.text == "X" && pair.present.text.isEmpty)
        guard case .choice(let palette) = try await overlay(":tour", at: 2, from: "tour  ") else { throw NoDialog() }
        #expect(palette.picker.query.text == "toXur")
    }

    private struct NoDialog: Error {}
}

import Foundation
import TerminalKit
import Testing
import TopsailCore
import TopsailEngine
import TopsailUI

@Suite("Files of prompts, read as a whole") @MainActor struct BatchTests {
    /// The table after some prompts of four were read; an empty one stands for one that cannot be.
    static func read(_ prompts: [String], size: Size, _ theme: Theme) async throws -> ExplorerState {
        var state = ExplorerState(size: size, theme: theme)
        _ = Explorer.start(&state)
        for chord in KeyChord.sequence("2<Esc>Bprompts.jsonl<Enter>")! {
            _ = Explorer.reduce(&state, .input(.key(chord)))
        }
        _ = Explorer.reduce(&state, .batch(.began(4), generation: 1))
        for prompt in prompts {
            let request = LiveRequest(text: prompt, usesChatTemplate: true)
            let row =
                prompt.isEmpty
                ? LiveBatch.Row("too long to read", problem: "the prompt has 9,000 tokens, the model reads 8,192")
                : LiveBatch.Row(prompt, try await StubLive().report(on: request))
            _ = Explorer.reduce(&state, .batch(.row(row), generation: 1))
        }
        return state
    }

    private func file(_ text: String) throws -> String {
        let path = NSTemporaryDirectory() + "topsail-batch-\(UUID().uuidString).jsonl"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test("every prompt of a file is read, texts, prompts and plain lines alike")
    func reading() async throws {
        let path = try file("{\"text\": \"a lock\"}\n{\"prompt\": \"a river\"}\n\n\"two\\nlines\"\nplain words\n")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let state = await explore("2<Esc>B\(path)<Enter>").state
        #expect(state.live.batch?.rows.map(\.prompt) == ["a lock", "a river", "two\nlines", "plain words"])
        #expect(state.live.batch?.rows.allSatisfy { $0.peak != nil && $0.category?.slug == "privacy" } == true)
        #expect(state.jobs.isEmpty)
        #expect(state.lastMessage == "read 4 prompts; B shows what fired")
        #expect(state.commands.last == "topsail assess --file \(path) --chat")
        let opened = await explore("2<Esc>B\(path)<Enter>j<Enter>").state
        #expect(opened.overlay == nil && opened.live.editor.text == "a river" && opened.live.pane == .tokens)
        #expect(opened.live.sequence.tokens.contains { $0.text == " river" })
        let again = await explore("2<Esc>B\(path)<Enter><Esc>B").state
        guard case .batch = again.overlay else {
            Issue.record("the table is not shown again")
            return
        }
    }

    @Test("a line without a text is named, and so is a file that is not there")
    func failures() async throws {
        let path = try file("{\"text\": \"a lock\"}\n{\"id\": 3}\n")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let state = await explore("2<Esc>B\(path)<Enter>").state
        #expect(state.lastMessage.contains("line 2 has neither text nor prompt"))
        #expect(state.overlay == nil && state.live.batch == nil && state.jobs.isEmpty)
        #expect(await explore("2<Esc>B/nowhere.txt<Enter>").state.lastMessage.contains("/nowhere.txt cannot be read"))
    }

    @Test("it is a job with progress; Esc stops it and keeps what was read, a second Esc closes the table")
    func stopping() async throws {
        var state = try await Self.read(["one lock", "two"], size: Size(width: 80, height: 24), Themes.dark)
        #expect(state.job(.batch)?.progress?.done == 2 && state.job(.batch)?.progress?.of == 4)
        #expect(Explorer.frame(of: state).lines[23].contains("Esc stop"))
        let effects = Explorer.reduce(&state, .input(.key("Esc")))
        #expect(effects.contains(.stop(.batch)))
        #expect(state.job(.batch) == nil && state.live.batch?.rows.count == 2 && state.overlay != nil)
        _ = Explorer.reduce(&state, .batch(.row(LiveBatch.Row("late", problem: "")), generation: 1))
        #expect(state.live.batch?.rows.count == 2, "rows that come after the stop are dropped")
        _ = Explorer.reduce(&state, .input(.key("Esc")))
        #expect(state.overlay == nil)
    }

    @Test("s sorts by score and by neuron, also while rows come")
    func sorting() async throws {
        let prompts = ["a", "a b c d e f g h i j k l m n o p q r s t u v w x y z", "a b"]
        var state = try await Self.read(prompts, size: Size(width: 80, height: 24), Themes.dark)
        func shown() -> [Int] { (0..<10).compactMap { state.live.batch?[$0]?.number } }
        #expect(shown() == [0, 1, 2])
        _ = Explorer.reduce(&state, .input(.key("s")))
        #expect(state.live.batch?.sort == .category && shown() == [1, 0, 2])
        _ = Explorer.reduce(&state, .batch(.row(LiveBatch.Row("x", problem: "no")), generation: 1))
        #expect(shown() == [1, 0, 2, 3])
        _ = Explorer.reduce(&state, .input(.key("s")))
        let ranks = (0..<4).map { state.live.batch?[$0]?.row.peak?.feature.rank ?? -.infinity }
        #expect(ranks == ranks.sorted(by: >))
    }

    @Test("a running batch does not keep anybody from typing, and Esc in Live stops it")
    func beside() async throws {
        var state = try await Self.read(["one"], size: Size(width: 80, height: 24), Themes.dark)
        _ = Explorer.reduce(&state, .input(.key("q")))
        #expect(state.overlay == nil && state.job(.batch) != nil)
        #expect(Explorer.frame(of: state).lines[23].contains("prompts of prompts.jsonl 1/4"))
        for chord in KeyChord.sequence("ihi<Esc><Esc>")! { _ = Explorer.reduce(&state, .input(.key(chord))) }
        #expect(state.live.editor.text == "hi" && state.job(.batch) == nil)
    }
}

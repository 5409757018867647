import Foundation
import Testing
import TopsailTestSupport

/// Live with a real model in a real terminal.
@Suite(
    "Live in a terminal", .enabled(if: TmuxScreen.absence == nil, "there is no tmux"),
    .enabled(if: TestModel.path != nil, "\(TestModel.reason)"), .serialized)
struct LiveTerminalTests {
    /// The explorer on its second screen, with a small SAE made up by rule.
    private func live(columns: Int = 80, rows: Int = 24) throws -> TmuxScreen {
        let program = try Program()
        try TinyCatalog.install(in: program)
        try program.skipTour()
        let sae = program.folder.path("sae")
        try Self.writeSAE(to: sae)
        let screen = try TmuxScreen(program, columns: columns, rows: rows)
        try screen.start("--live --model '\(try #require(TestModel.path))' --sae '\(sae)'")
        _ = try #require(screen.wait(for: "Type a prompt"), "\(screen.capture())")
        return screen
    }

    private static func writeSAE(to folder: String) throws {
        let (dIn, dSAE) = (576, 32)
        var random = SeededGenerator(seed: 3)
        func values(_ count: Int) -> [Float] { (0..<count).map { _ in Float.random(in: -0.1...0.1, using: &random) } }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(
            """
            {"architecture": "standard", "d_in": \(dIn), "d_sae": \(dSAE), "dtype": "float32",
             "apply_b_dec_to_input": false, "normalize_activations": "none",
             "metadata": {"hook_name": "blocks.14.hook_mlp_out", "model_name": "SmolLM2-135M-Instruct"}}
            """.utf8
        ).write(to: URL(fileURLWithPath: folder + "/cfg.json"))
        try ItemSample.write(
            [
                ("W_enc", [dIn, dSAE], values(dIn * dSAE)), ("b_enc", [dSAE], values(dSAE)),
                ("W_dec", [dSAE, dIn], values(dIn * dSAE)), ("b_dec", [dIn], values(dIn)),
            ], to: folder + "/sae_weights.safetensors")
    }

    /// Tokens of the answer, from its pane's title.
    private func answerTokens(_ screen: String) -> Int? {
        screen.firstMatch(of: /Answer +(\d+) token/).flatMap { Int($0.1) }
    }

    @Test("a resize during an answer shows it at the new size, and it goes on")
    func resizing() throws {
        let screen = try live()
        try screen.type("Tell me a long story about a river")
        _ = try #require(screen.wait(for: "river"))
        try screen.press("Enter")
        _ = try #require(screen.wait { (answerTokens($0) ?? 0) > 3 }, "\(screen.capture())")
        for (columns, rows) in [(200, 60), (60, 16), (120, 40), (40, 10), (80, 24)] {
            let before = answerTokens(screen.capture()) ?? 0
            try screen.resize(columns: columns, rows: rows)
            let shown = screen.wait { text in
                let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                if columns < 60 { return text.contains("Topsail needs") }
                return lines.contains { $0.hasSuffix("┐") && $0.count == columns }
                    && (answerTokens(text) ?? 0) >= before
            }
            #expect(shown != nil, "\(columns)×\(rows)\n\(screen.capture())")
        }
        // The answer may have come to its end by now, so that Esc and q would arrive together, which is what Alt sends.
        try screen.press("Escape")
        Thread.sleep(forTimeInterval: 0.2)
        #expect(screen.wait { !$0.contains("Esc stops") } != nil)
        try screen.press("q")
        #expect(try screen.isRestored())
    }

    @Test("Esc during an answer stops it and keeps the text; + goes on with it")
    func stopping() throws {
        let screen = try live()
        try screen.type("Tell me a long story about a river")
        _ = try #require(screen.wait(for: "river"))
        try screen.press("Enter")
        _ = try #require(screen.wait { (answerTokens($0) ?? 0) > 3 }, "\(screen.capture())")
        try screen.press("Escape")
        let stopped = try #require(screen.wait(for: "stopped · + goes on"), "\(screen.capture())")
        let count = try #require(answerTokens(stopped))
        #expect(count > 3)
        Thread.sleep(forTimeInterval: 0.5)
        #expect(answerTokens(screen.capture()) == count)
        try screen.press("+")
        #expect(screen.wait { (answerTokens($0) ?? 0) > count + 3 } != nil, "\(screen.capture())")
        try screen.press("Escape")
        #expect(screen.wait(for: "stopped") != nil)
        try screen.press("q")
        #expect(try screen.isRestored())
    }

    /// From the editor to the shell; an escape and a key at once would be what Alt sends.
    private func leave(_ screen: TmuxScreen) throws {
        try screen.press("Escape")
        #expect(screen.wait(for: "i edits") != nil)
        try screen.press("q")
        #expect(try screen.isRestored())
    }

    @Test("a megabyte that is pasted is refused with what fits, and the next prompt is read")
    func pasting() throws {
        let screen = try live()
        try screen.type("lock")
        _ = try #require(screen.wait(for: "At ["))
        try screen.paste(String(repeating: "the lock of a door ", count: 55_000))
        let refused = try #require(screen.wait(for: "This prompt was not read"), "\(screen.capture())")
        #expect(refused.contains("1045004 bytes"))
        #expect(!refused.contains("At ["))
        try screen.press("C-u")
        _ = try #require(screen.wait(for: "Type a prompt"), "\(screen.capture())")
        try screen.type("key")
        #expect(screen.wait(for: "At [") != nil, "\(screen.capture())")
        try leave(screen)
    }

    @Test("wide characters, emoji and escape sequences in a prompt: nothing of them reaches the terminal raw")
    func foreign() throws {
        let screen = try live()
        try screen.paste("東京🗼 👨‍👩‍👧 e\u{301} \u{1B}[31mred\u{1B}]0;title\u{7} \u{202E}end")
        let shown = try #require(screen.wait(for: "At ["), "\(screen.capture())")
        let row = try #require(shown.split(separator: "\n").first { $0.contains("東京") && $0.hasPrefix("┃") })
        #expect(row.hasSuffix("┃"))
        #expect(row.contains("␛[31mred␛]0;title␇"))
        let colored = screen.capture(withColors: true)
        #expect(!colored.contains("\u{1B}[31m") && !colored.contains("\u{7}") && !colored.contains("\u{202E}"))
        #expect(!shown.contains("\u{FFFD}\u{FFFD}"), "\(shown)")
        try leave(screen)
    }
}

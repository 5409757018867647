import TerminalKit
import Testing

@Suite("Overlays") struct OverlayTests {
    @Test(
        "filter words",
        arguments: [
            ("", "anything", true), ("exn", "export neurons", true), ("nex", "export neurons", false),
            ("'port", "export", true),
            ("'xt", "export", false), ("^exp", "export", true), ("^port", "export", false), ("ort$", "export", true),
            ("!exp", "export", false), ("!zzz", "export", true), ("exp neu", "export neurons", true),
            ("exp zzz", "export neurons", false), ("zzz | neu", "export neurons", true), ("zzz | yyy", "export", false),
            ("EXP", "export", false), ("exp", "EXPORT", true), ("^export$", "export", true),
            ("^export$", "exports", false),
            ("|", "a", true), ("a |", "a", true), ("!", "a", true),
        ])
    func filter(query: String, text: String, matches: Bool) {
        #expect((FuzzyFilter(query).match(text) != nil) == matches)
    }

    @Test("matches are told by position, drawn together")
    func positions() {
        #expect(FuzzyFilter("neu").match("n export neurons")?.positions == [9, 10, 11])
        #expect(FuzzyFilter("日").match("今日")?.positions == [1])
    }

    @Test("runs and starts of words come first")
    func ranks() {
        let texts = ["toggle export extras", "export text", "explain", "open next"]
        let ranked = FuzzyFilter("ex").rank(texts).map(\.index)
        #expect(ranked.prefix(2).sorted() == [1, 2])
        #expect(FuzzyFilter("").rank(texts).map(\.index) == [0, 1, 2, 3])
    }

    @Test("a picker filters while typing and chooses by Enter")
    func picker() throws {
        var picker = Picker([
            Picker.Item("export neurons", note: "x"), Picker.Item("export contexts"),
            Picker.Item("explain keys", note: "?", keywords: "help"),
        ])
        for chord in try #require(KeyChord.sequence("exp<Down>")) {
            #expect(picker.handle(chord, height: 5) == .changed)
        }
        let shown = drawn(30, 5) { picker.draw(into: &$0, in: $0.bounds, theme: dark, prompt: ":") }
        #expect(
            shown == """
                : exp                   3 of 3
                 export neurons              x
                ▌export contexts
                 explain keys                ?

                """)
        #expect(picker.handle("Enter", height: 5) == .chosen(1))
        #expect(picker.handle("Esc", height: 5) == .cancelled)
        for chord in try #require(KeyChord.sequence("<Ctrl-U>help")) { _ = picker.handle(chord, height: 5) }
        #expect(picker.selection == 2)
        _ = picker.handle("z", height: 5)
        #expect(picker.selection == nil)
        #expect(picker.handle("Enter", height: 5) == .ignored)
    }

    @Test("toasts go after their time, errors stay until dismissed")
    func toasts() {
        var stack = ToastStack()
        stack.add("copied 1 row", now: 0)
        stack.add("no such file", kind: .error, now: 1)
        #expect(stack.expire(now: 3.9) == false)
        #expect(stack.expire(now: 4) == true)
        #expect(stack.toasts.map(\.text) == ["no such file"])
        #expect(stack.expire(now: 1_000) == false)
        #expect(stack.dismiss() == true)
        #expect(stack.dismiss() == false)
        for index in 0..<5 { stack.add("\(index)", now: 0) }
        #expect(stack.toasts.map(\.text) == ["2", "3", "4"])
    }

    @Test("errors stand in boxes at the bottom right; other messages are the caller's line while they fit there")
    func toastPlaces() {
        var stack = ToastStack()
        stack.add("disk full", kind: .error, now: 0)
        stack.add("copied", now: 0)
        stack.add("copied", now: 2)
        #expect(stack.toasts.map(\.text) == ["disk full", "copied"])
        #expect(stack.line == "copied")
        func shown(lineWidth: Int) -> String {
            drawn(24, 7) { stack.draw(into: &$0, in: $0.bounds, lineWidth: lineWidth, theme: dark) }
        }
        #expect(
            shown(lineWidth: 6) == """




                    ┌────── Esc closes ┐
                    │ error: disk full │
                    └──────────────────┘
                """)
        #expect(
            shown(lineWidth: 5) == """

                    ┌────── Esc closes ┐
                    │ error: disk full │
                    └──────────────────┘
                              ┌────────┐
                              │ copied │
                              └────────┘
                """)
    }

    @Test("a modal stands in the middle, and what is below fades")
    func modal() {
        var frame = Frame(width: 12, height: 5)
        frame.fill(frame.bounds, with: "x")
        let inside = Modal.draw(
            into: &frame, in: frame.bounds, size: Size(width: 8, height: 3), title: "A", theme: dark)
        #expect(inside == Rect(x: 3, y: 2, width: 6, height: 1))
        #expect(frame.lines == ["xxxxxxxxxxxx", "xx┏ A ━━━┓xx", "xx┃      ┃xx", "xx┗━━━━━━┛xx", "xxxxxxxxxxxx"])
        #expect(frame[0, 0].style.dim && !frame[4, 2].style.dim)
    }
}

import TerminalKit
import Testing

@Suite("Text editor") struct TextEditorTests {
    /// An editor from text in which `|` marks the cursor.
    static func editor(_ marked: String, width: Int = 80, height: Int = 10) -> TextEditor {
        let parts = marked.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var editor = TextEditor(parts[0])
        editor.viewport = Size(width: width, height: height)
        let place = editor.cursor
        editor.insert(parts[1])
        editor.move(to: place)
        return editor
    }

    static func marked(_ editor: TextEditor) -> String {
        editor.lines.enumerated().map { index, line in
            guard index == editor.cursor.line else { return String(line) }
            return String(line[..<editor.cursor.column]) + "|" + String(line[editor.cursor.column...])
        }.joined(separator: "\n")
    }

    @Test(
        "before, keys, after",
        arguments: [
            ("|", "abc", "abc|"), ("a|c", "b", "ab|c"), ("ab|c", "<Left><Left>x", "x|abc"), ("ab|", "<Right>x", "abx|"),
            ("ab|c", "<Backspace>", "a|c"), ("|abc", "<Backspace>", "|abc"), ("ab|c", "<Del>", "ab|"),
            ("abc|", "<Del>", "abc|"),
            ("a\n|b", "<Backspace>", "a|b"), ("a|\nb", "<Del>", "a|b"), ("a|b", "<Alt-Enter>", "a\n|b"),
            ("a|b", "<Ctrl-J>c", "a\nc|b"), ("one two| three", "<Alt-Backspace>", "one | three"),
            ("one  |", "<Alt-Backspace>", "|"), ("a.b.|", "<Alt-Backspace>", "a.|"), ("|one two", "<Alt-d>", "| two"),
            ("one| two", "<Alt-d>", "one|"), ("one two|", "<Ctrl-Left>", "one |two"),
            ("one t|wo", "<Alt-b><Alt-b>", "|one two"),
            ("|one two", "<Ctrl-Right>", "one| two"), ("one\n|two", "<Ctrl-Left>x", "onex|\ntwo"),
            ("one two|", "<Home>x", "x|one two"), ("|one", "<End>x", "onex|"), ("a\nb|c", "<Ctrl-Home>", "|a\nbc"),
            ("|a\nbc", "<Ctrl-End>", "a\nbc|"), ("one two| x", "<Ctrl-U>", "| x"), ("a\n|b", "<Ctrl-U>", "a|b"),
            ("one| two", "<Ctrl-K>", "one|"), ("a|\nb", "<Ctrl-K>", "a|b"), ("abc\nd|", "<Up>", "a|bc\nd"),
            ("abcd|\nx\nabcd", "<Down><Down>", "abcd\nx\nabcd|"), ("a|b\ncd", "<Left><Left>", "|ab\ncd"),
            ("ab|\ncd", "<Right>", "ab\n|cd"), ("日本|", "<Backspace>", "日|"), ("e|", "\u{301}", "e\u{301}|"),
            ("e\u{301}|", "<Backspace>", "|"), ("👨‍👩‍👧|", "<Left>x", "x|👨‍👩‍👧"), ("|abc", "<F5><PgUp>", "|abc"),
        ])
    func keys(before: String, keys: String, after: String) throws {
        var editor = Self.editor(before)
        for chord in try #require(KeyChord.sequence(keys)) { _ = editor.handle(chord) }
        #expect(Self.marked(editor) == after)
    }

    @Test("Enter and Esc are left to the screen")
    func leavesKeys() {
        var editor = TextEditor("abc")
        #expect(editor.handle("Enter") == .ignored)
        #expect(editor.handle("Esc") == .ignored)
        #expect(editor.handle("Left") == .moved)
        #expect(editor.handle("x") == .changed)
    }

    @Test("pasted text is inserted whole, line endings of all kinds")
    func pastes() {
        var editor = Self.editor("a|z")
        editor.insert("1\r\n2\r3\n4")
        #expect(Self.marked(editor) == "a1\n2\n3\n4|z")
        var line = TextEditor("", isSingleLine: true)
        line.insert("1\r\n2")
        #expect(line.text == "1 2")
        #expect(line.handle("Alt-Enter") == .ignored)
    }

    @Test("a long paste is quick to insert and to draw")
    func longPaste() {
        let text = String(repeating: String(repeating: "lorem ipsum ", count: 8) + "\n", count: 10_000)
        var editor = TextEditor()
        let clock = ContinuousClock()
        let time = clock.measure {
            editor.insert(text)
            var frame = Frame(width: 80, height: 24)
            editor.draw(into: &frame, in: frame.bounds, theme: dark)
        }
        #expect(editor.text == text)
        #expect(time < .seconds(5), "\(time) for 1 MB")
    }

    @Test("text wraps after blanks, and the cursor moves by rows on screen")
    func wraps() {
        var editor = Self.editor("|the quick brown fox", width: 11, height: 5)
        var frame = Frame(width: 11, height: 5)
        editor.draw(into: &frame, in: frame.bounds, theme: dark)
        #expect(frame.plainText == "the quick\nbrown fox\n\n\n")
        _ = editor.handle("Down")
        #expect(Self.marked(editor) == "the quick |brown fox")
        _ = editor.handle("End")
        editor.draw(into: &frame, in: frame.bounds, theme: dark)
        #expect(frame.cursor == Position(x: 9, y: 1))
    }

    @Test("a click puts the cursor there: in wrapped, scrolled and sideways scrolled text, between wide characters")
    func clicks() {
        func after(_ text: String, _ x: Int, _ y: Int, width: Int = 6, height: Int = 3) -> String {
            var editor = Self.editor(text, width: width, height: height)
            let isInside = editor.click(
                Position(x: 10 + x, y: 5 + y), in: Rect(x: 10, y: 5, width: width, height: height))
            #expect(isInside)
            return Self.marked(editor)
        }
        #expect(after("one two|", 1, 0) == "o|ne two")
        #expect(after("one two|", 1, 1) == "one t|wo")
        #expect(after("one two|", 5, 1) == "one two|")
        #expect(after("one two|", 1, 2) == "one two|", "below the text is its end")
        #expect(after("日本語|", 2, 0, width: 9) == "日|本語")
        #expect(after("日本語|", 3, 0, width: 9) == "日|本語")
        #expect(after("a\nb\nc\nd|", 0, 0) == "a\n|b\nc\nd", "the first line is scrolled off")
        var editor = TextEditor("abcdefghij", isSingleLine: true)
        let place = Rect(x: 0, y: 0, width: 5, height: 1)
        let isInside = editor.click(Position(x: 0, y: 0), in: place)
        editor.insert("X")
        #expect(isInside && editor.text == "abcdefXghij")
        let isBeside = !editor.click(Position(x: 5, y: 0), in: place)
        #expect(isBeside)
    }

    @Test("the view follows the cursor, no more than it must")
    func scrolls() {
        var editor = Self.editor("|1\n2\n3\n4\n5", width: 10, height: 3)
        func shown() -> String {
            var frame = Frame(width: 10, height: 3)
            editor.draw(into: &frame, in: frame.bounds, theme: dark)
            return frame.plainText
        }
        #expect(shown() == "1\n2\n3")
        editor.moveToEnd()
        #expect(shown() == "3\n4\n5")
        editor.moveVertically(by: -1)
        #expect(shown() == "3\n4\n5")
        editor.moveVertically(by: -2)
        #expect(shown() == "2\n3\n4")
    }

    @Test("when the view grows or the text shrinks, no row stays empty while there is text above")
    func fills() {
        var editor = TextEditor("")
        editor.viewport = Size(width: 10, height: 1)
        editor.insert("1\n2\n3\n4")
        func shown(_ height: Int) -> String {
            editor.viewport = Size(width: 10, height: height)
            return drawn(10, height) { editor.draw(into: &$0, in: $0.bounds, theme: dark) }
        }
        #expect(shown(1) == "4")
        #expect(shown(3) == "2\n3\n4")
        #expect(shown(5) == "1\n2\n3\n4\n")
        #expect(shown(2) == "3\n4")
        editor.deleteBackward()
        editor.deleteBackward()
        #expect(shown(2) == "2\n3")
        editor.moveToStart()
        #expect(shown(2) == "1\n2")
    }

    @Test("what is typed within a text becomes the characters that the whole text has")
    func segments() {
        var random = Steps(state: 4)
        let parts = [
            "a", " ", "日", "本", "e\u{301}", "\u{301}", "🇯", "🇵", "🇯🇵", "👨‍👩‍👧", "\u{200D}", "👩", "한", "ᄀ", "ᅡ", "\u{0600}",
            "1",
            "\t",
        ]
        for _ in 0..<400 {
            var editor = TextEditor("", isSingleLine: true)
            var plain = ""
            for _ in 0..<12 {
                let part = parts.randomElement(using: &random)!
                let characters = Array(plain)
                let place = Int.random(in: 0...characters.count, using: &random)
                editor.moveToStart()
                for _ in 0..<place { editor.moveRight() }
                if place < characters.count, Bool.random(using: &random) {
                    editor.deleteForward()
                    plain = String(characters[..<place]) + String(characters[(place + 1)...])
                } else {
                    editor.insert(part)
                    plain = String(characters[..<place]) + part + String(characters[place...])
                }
                #expect(editor.text.unicodeScalars.elementsEqual(plain.unicodeScalars))
                #expect(editor.lines[0] == Array(plain), "\(plain.unicodeScalars.map { String($0.value, radix: 16) })")
                #expect(editor.cursor.column <= editor.lines[0].count)
            }
        }
    }

    @Test("keys stay quick in a line of a megabyte")
    func longLine() {
        var editor = TextEditor()
        editor.viewport = Size(width: 78, height: 4)
        editor.insert(String(repeating: "lorem ipsum ", count: 90_000))
        // The machine may stall; the best of several tells what a key costs.
        let times = ["x", "Backspace", "Left", "Up", "y", "Ctrl-Left", "z"].map { name in
            ContinuousClock().measure {
                _ = editor.handle(KeyChord(named: name)!)
                var frame = Frame(width: 78, height: 4)
                editor.draw(into: &frame, in: frame.bounds, theme: dark)
            }
        }
        #expect(times.min()! < .milliseconds(60), "\(times)")
    }

    @Test("a single line scrolls sideways")
    func scrollsSideways() {
        var editor = TextEditor("0123456789", isSingleLine: true)
        editor.viewport = Size(width: 5, height: 1)
        func shown() -> String { drawn(5, 1) { editor.draw(into: &$0, in: $0.bounds, theme: dark) } }
        #expect(shown() == "6789")
        editor.moveToStart()
        #expect(shown() == "01234")
        for _ in 0..<5 { editor.moveRight() }
        #expect(shown() == "12345")
    }

    @Test("entries are recalled past the first row, the draft after the last")
    func history() {
        var editor = TextEditor("draft")
        editor.history.record("one")
        editor.history.record("two")
        editor.history.record("two")
        _ = editor.handle("Up")
        #expect(editor.text == "two")
        _ = editor.handle("Up")
        #expect(editor.text == "one")
        _ = editor.handle("Up")
        #expect(editor.text == "one")
        _ = editor.handle("Down")
        _ = editor.handle("Down")
        #expect(editor.text == "draft")
    }

    @Test("the cursor stays inside whatever the text and the keys", arguments: 0..<60)
    func staysInside(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        let keys: [KeyChord] = [
            "a", "Space", "日", "Left", "Right", "Up", "Down", "Home", "End", "Backspace", "Del", "Alt-Enter", "Ctrl-K",
            "Ctrl-U",
            "Alt-b", "Alt-f", "Alt-Backspace", "Alt-d", "PgUp", "PgDn", "\u{301}",
        ]
        var editor = TextEditor()
        editor.viewport = Size(
            width: Int.random(in: 1...9, using: &generator), height: Int.random(in: 1...4, using: &generator))
        for _ in 0..<200 {
            _ = editor.handle(keys.randomElement(using: &generator)!)
            if Int.random(in: 0..<20, using: &generator) == 0 { editor.insert("one two\nthree ") }
            #expect(editor.lines.indices.contains(editor.cursor.line))
            #expect((0...editor.lines[editor.cursor.line].count).contains(editor.cursor.column))
            var frame = Frame(size: editor.viewport)
            editor.draw(into: &frame, in: frame.bounds, theme: dark)
            #expect(frame.cursor.map { frame.bounds.contains($0) } == true, "seed \(seed)")
        }
        #expect(TextEditor(editor.text).lines == editor.lines, "seed \(seed)")
    }
}

@Suite("What of a history is kept") struct KeptHistoryTests {
    @Test("the newest, each once, within count and bytes, oldest first")
    func newest() {
        func kept(_ entries: [String], _ count: Int, _ bytes: Int) -> [String] {
            InputHistory.newest(of: entries, count: count, bytes: bytes)
        }
        #expect(kept(["a", "b", "a"], 9, 9) == ["b", "a"])
        #expect(kept(["a", "b", "c"], 2, 9) == ["b", "c"])
        #expect(kept(["aaa", "bbb", "ccc"], 9, 6) == ["bbb", "ccc"])
        #expect(
            kept(["b", String(repeating: "x", count: 10), "c"], 9, 6) == ["b", "c"], "one that never fits is skipped")
        #expect(kept(["é"], 9, 1).isEmpty && kept([], 9, 9).isEmpty)
    }
}

/// Numbers that are the same at every run.
private struct Steps: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}

import TerminalCurses
import TerminalKit
import Testing

@Suite("Terminal input") struct TerminalInputTests {
    @Test(
        "what a paste holds comes out exactly, wherever it is cut",
        arguments: [
            ("plain", "plain"), ("", ""), ("one\rtwo\r\nthree\n", "one\ntwo\nthree\n"),
            ("\u{1B}[A\u{1B}[31mred", "\u{1B}[A\u{1B}[31mred"),
            ("\u{1B}[20\u{1B}[201", "\u{1B}[20\u{1B}[201"), ("\u{1B}\u{1B}", "\u{1B}\u{1B}"), ("日本 👍", "日本 👍"),
        ])
    func paste(sent: String, expected: String) {
        let bytes = Array(sent.utf8) + PasteReader.endMark
        for pieceSize in 1...6 {
            var reader = PasteReader()
            var rest = bytes[...]
            var isDone = false
            while !isDone, !rest.isEmpty {
                let count = min(pieceSize, reader.safeCount, rest.count)
                isDone = reader.feed(rest.prefix(count))
                rest.removeFirst(count)
            }
            #expect(isDone && rest.isEmpty)
            #expect(reader.text == expected, "pieces of \(pieceSize)")
        }
    }

    @Test("nothing after the end mark is ever taken")
    func safeCount() {
        let bytes = Array("ab\u{1B}[20".utf8) + PasteReader.endMark + Array("after".utf8)
        var reader = PasteReader()
        var taken = 0
        while true {
            let count = reader.safeCount
            let isDone = reader.feed(bytes[taken..<taken + count])
            taken += count
            if isDone { break }
        }
        #expect(bytes.count - taken == 5)
        #expect(reader.text == "ab\u{1B}[20")
    }

    @Test("a paste that never ends still gives what it has")
    func unfinished() {
        var reader = PasteReader()
        #expect(reader.feed(Array("abc\u{1B}[20".utf8)) == false)
        #expect(reader.text == "abc\u{1B}[20")
    }

    @Test(
        "control characters are the keys that send them",
        arguments: [
            (3, "Ctrl-C"), (26, "Ctrl-Z"), (9, "Tab"), (13, "Enter"), (10, "Ctrl-J"), (27, "Esc"), (8, "Backspace"),
            (127, "Backspace"),
            (0, "Ctrl-Space"), (28, "Ctrl-\\"), (0x20, "Space"), (0x65E5, "日"), (0x47, "G"),
        ] as [(UInt32, KeyChord)])
    func characters(value: UInt32, expected: KeyChord) throws {
        #expect(KeyDecoder.chord(for: try #require(Unicode.Scalar(value))) == expected)
    }

    @Test("errors say what is wrong and what to try")
    func errors() {
        let error = TerminalError(.unknown(term: "foo"))
        #expect(error.description.contains("TERM=foo"))
        #expect(error.hint?.contains("xterm-256color") == true)
        #expect(TerminalError(.dumb(term: "")).description.contains("not set"))
    }
}

import TerminalKit
import Testing
import TopsailUI

@Suite("Searching in a text") @MainActor struct TextSearchTests {
    private let small = Size(width: 80, height: 16)

    @Test("/ in a neuron's page searches there, and scrolls to the first match; elsewhere it filters")
    func typing() async {
        let page = await explore("l/skips", size: small)
        #expect(page.state.search.line?.text == "skips")
        #expect(page.state.browse.filterLine == nil)
        #expect(page.state.browse.detailScroll > 0)
        #expect(page.frame.plainText.contains("/skips"))
        #expect(await explore("/skips", size: small).state.search.line == nil)
    }

    @Test("n and N go round the matches; the border says which one it is")
    func going() async {
        let first = await explore("l/a<Enter>", size: small)
        #expect(first.state.search.line == nil)
        #expect(first.frame.plainText.contains("/a 1 of"))
        #expect(await explore("l/a<Enter>n", size: small).frame.plainText.contains("/a 2 of"))
        let around = await explore("l/a<Enter>N", size: small)
        #expect(around.state.lastMessage == "from the end again")
        #expect(around.state.browse.detailScroll > 0)
        let back = await explore("l/a<Enter>Nn", size: small)
        #expect(back.state.search.current == 0)
        #expect(back.state.lastMessage == "from the top again")
    }

    @Test("Esc clears the search, first while typing, which goes back to where the page stood")
    func clearing() async {
        let typing = await explore("l/skips<Esc>", size: small).state
        #expect(typing.browse.detailScroll == 0 && typing.search.words.isEmpty)
        let kept = await explore("l/skips<Enter><Esc>", size: small).state
        #expect(kept.search.words.isEmpty && kept.browse.pane == .detail)
        #expect(await explore("l/skips<Enter><Esc><Esc>", size: small).state.browse.pane == .table)
    }

    @Test("what is not there is said, and nothing is left behind")
    func missing() async {
        let state = await explore("l/zzzz<Enter>", size: small).state
        #expect(state.lastMessage == "“zzzz” is not in this text")
        #expect(state.search.words.isEmpty)
        #expect(await explore("ln", size: small).state.lastMessage == "nothing is searched for; / begins")
    }

    @Test("matches are underlined, whatever their case, and spaces match the dots that stand for them")
    func marks() async throws {
        let frame = await explore("l/AUTO<Enter>").frame
        let lines = frame.plainText.split(separator: "\n", omittingEmptySubsequences: false)
        let y = try #require(lines.firstIndex { $0.contains("auto (") })
        let x = try #require(lines[y].firstRange(of: "auto (")).lowerBound
        let column = lines[y].distance(from: lines[y].startIndex, to: x)
        for offset in 0..<4 { #expect(frame[column + offset, y].style.attributes.contains(.underline)) }
        #expect(!frame[column + 4, y].style.attributes.contains(.underline))
    }

    @Test("an answer is searched the same way, and keeps to its end while nothing is")
    func answer() async {
        let size = Size(width: 80, height: 24)
        let found = await explore("2a lock<Enter><Shift-Tab><Shift-Tab>/LOCK<Enter>", size: size)
        #expect(found.state.live.pane == .answer)
        #expect(found.frame.plainText.contains("/LOCK 1 of 2"))
        let next = await explore("2a lock<Enter><Shift-Tab><Shift-Tab>/lock<Enter>n", size: size).state
        #expect(next.search.current == 1)
        let cleared = await explore("2a lock<Enter><Shift-Tab><Shift-Tab>/lock<Enter><Esc>", size: size).state
        #expect(cleared.search.words.isEmpty && cleared.live.pane == .answer)
        let long = "zero " + String(repeating: "one two three four ", count: 40) + "five"
        var state = found.state
        state.search = TextSearch()
        state.live.earlierAnswer = long
        #expect(Explorer.frame(of: state).plainText.contains("five"))
        for key in "/zero" { _ = Explorer.reduce(&state, .input(.key(KeyChord(.character(key))))) }
        _ = Explorer.reduce(&state, .input(.key("Enter")))
        #expect(!Explorer.frame(of: state).plainText.contains("five"))
        // Past the first row there is nothing: one step down shows the end again as soon as it can.
        for key in ["g", "k", "k", "G"] { _ = Explorer.reduce(&state, .input(.key(KeyChord(named: key)!))) }
        #expect(state.live.answerScroll == 0)
    }

    @Test("a checkpoint's details are searched the same way; the list says where that works")
    func checkpoints() async {
        #expect(await explore("4/").state.lastMessage == "/ searches in the details; Tab goes there")
        let found = await explore("4<Tab>/mlp<Enter>", size: Size(width: 120, height: 40))
        #expect(found.frame.plainText.contains("/mlp 1 of"))
        #expect(await explore("4<Tab>/mlp<Enter><Esc>").state.checkpoints.pane == .details)
    }
}

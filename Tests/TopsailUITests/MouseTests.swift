import TerminalKit
import Testing
import TopsailUI

@Suite("Mouse: borders, headers, hints, lists on top") @MainActor struct MouseTests {
    /// Where a text begins on the screen.
    private func place(of text: String, in frame: Frame) throws -> Position {
        for (y, line) in frame.plainText.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if let range = line.firstRange(of: text) {
                return Position(x: line.distance(from: line.startIndex, to: range.lowerBound), y: y)
            }
        }
        throw Missing(text: text, screen: frame.plainText)
    }

    private struct Missing: Error {
        var text: String
        var screen: String
    }

    @discardableResult
    private func send(
        _ state: inout ExplorerState, _ kind: MouseEvent.Kind, _ x: Int, _ y: Int
    ) -> [Effect] {
        Explorer.reduce(&state, .input(.mouse(MouseEvent(kind, at: Position(x: x, y: y)))))
    }

    private func click(_ state: inout ExplorerState, on text: String, clicks: Int = 1) throws -> [Effect] {
        let place = try place(of: text, in: Explorer.frame(of: state))
        return send(&state, .press(.left, clicks: clicks), place.x, place.y)
    }

    /// The column where the pane of the neurons begins.
    private func tableStart(_ state: ExplorerState) throws -> Int {
        try place(of: "Neurons ", in: Explorer.frame(of: state)).x
    }

    // MARK: Borders

    @Test("a border follows the mouse, keeps to what both panes need, and is remembered when it is let go of")
    func dragging() async throws {
        var state = await explore("", size: Size(width: 120, height: 30)).state
        let start = try tableStart(state)
        let border = start - 2
        #expect(send(&state, .press(.left, clicks: 1), border, 10).isEmpty)
        #expect(send(&state, .drag, border - 4, 12).isEmpty)
        #expect(try tableStart(state) == start - 4)
        #expect(send(&state, .release(.left), border - 5, 12) == [.saveSplits([.tree: -5])])
        #expect(try tableStart(state) == start - 5)
        // Moving the mouse without the button does nothing any more.
        send(&state, .drag, border + 20, 12)
        #expect(try tableStart(state) == start - 5)
        send(&state, .press(.left, clicks: 1), border - 5, 10)
        send(&state, .release(.left), 0, 10)
        let least = try tableStart(state)
        #expect(least > 10)
        #expect(send(&state, .press(.left, clicks: 2), least - 2, 10) == [.saveSplits([:])])
        #expect(try tableStart(state) == start)
    }

    @Test("a press on a border moves the focus but selects nothing")
    func pressOnBorder() async throws {
        var state = await explore("", size: Size(width: 120, height: 30)).state
        let border = try tableStart(state) - 3
        send(&state, .press(.left, clicks: 1), border, 6)
        #expect(state.browse.pane == .tree)
        #expect(state.browse.tree.cursor.selected == 0)
    }

    @Test("< and > make the pane with the focus smaller and larger, at whichever side its border is")
    func nudging() async throws {
        let size = Size(width: 120, height: 30)
        let start = try tableStart(await explore("", size: size).state)
        #expect(try tableStart(await explore("h>", size: size).state) == start + 2)
        #expect(try tableStart(await explore("h<<>", size: size).state) == start - 2)
        let wider = await explore("l>>", size: size).state
        #expect(wider.splits == [.table: -4])
        #expect(await explore("l>>:reset<Enter>", size: size).state.splits == [:])
        #expect(await explore("z>").state.lastMessage == "this pane has no border that can be moved")
        let far = await explore("h" + String(repeating: ">", count: 60), size: size).state
        #expect(far.lastMessage == "there is no more room for this pane")
        // What there was no room for is not owed: one step back is seen at once.
        var back = far
        _ = Explorer.reduce(&back, .input(.key("<")))
        #expect(try tableStart(back) == tableStart(far) - 2)
    }

    @Test("rows are moved up and down: tokens against the lists below them")
    func rows() async throws {
        let size = Size(width: 100, height: 40)
        let state = await explore("2Where is it?<Esc>", size: size).state
        let before = try place(of: "Whole prompt", in: Explorer.frame(of: state)).y
        let moved = await explore("2Where is it?<Esc>>>>", size: size)
        #expect(try place(of: "Whole prompt", in: moved.frame).y == before + 3)
        #expect(moved.state.splits == [.tokens: 3])
    }

    @Test("moved borders keep every pane inside the screen at any size", arguments: [-500, -7, 9, 500])
    func anySize(_ moved: Int) async {
        var state = await explore("2Where is it?<Esc>3<Enter>4<Space>d1").state
        for split in Split.allCases { state.splits[split] = moved }
        for size in [(60, 16), (80, 24), (120, 40), (200, 60), (300, 80)] {
            _ = Explorer.reduce(&state, .input(.resize(Size(width: size.0, height: size.1))))
            for key: KeyChord in ["1", "2", "3", "4"] {
                _ = Explorer.reduce(&state, .input(.key(key)))
                let text = Explorer.frame(of: state).plainText
                #expect(text.contains("?") && text.contains("help"), "\(size) \(key)")
            }
        }
    }

    // MARK: Headers and hints

    @Test("a column's title sorts by it, and the other way at the second click")
    func headers() async throws {
        var state = await explore("").state
        let header = try place(of: "max ", in: Explorer.frame(of: state))
        send(&state, .press(.left, clicks: 1), header.x, header.y)
        #expect(state.browse.query.sort == .max && !state.browse.query.isReversed)
        send(&state, .press(.left, clicks: 1), header.x, header.y)
        #expect(state.browse.query.sort == .max && state.browse.query.isReversed)
        _ = try click(&state, on: "label")
        #expect(state.browse.query.sort == nil && !state.browse.query.isReversed)
        state = await explore("4").state
        _ = try click(&state, on: "CE rec")
        #expect(state.checkpoints.sort == .recovered)
        state = await explore("3<Enter>").state
        _ = try click(&state, on: "freq ")
        #expect(state.contrast.sort == .frequency)
    }

    @Test("a hint in the bottom line is a button, on lists on top as well")
    func hints() async throws {
        var state = await explore("").state
        _ = try click(&state, on: "? help")
        #expect(state.choice?.purpose == .help)
        _ = try click(&state, on: "Esc close")
        #expect(state.overlay == nil)
        _ = try click(&state, on: "/ filter")
        #expect(state.browse.filterLine != nil)
    }

    // MARK: Lists on top

    @Test("in a list on top a click selects, a second takes it, the wheel moves, a click beside it closes it")
    func overlays() async throws {
        var state = await explore(":").state
        let name = try #require(state.choice?.items[2].shown.title)
        _ = try click(&state, on: name)
        #expect(state.choice?.picker.selection == 2)
        let place = try place(of: name, in: Explorer.frame(of: state))
        send(&state, .wheelDown, place.x, place.y)
        #expect(state.choice?.picker.selection == 5)
        send(&state, .press(.left, clicks: 1), 0, 5)
        #expect(state.overlay == nil)
        state = await explore(":theme").state
        _ = try click(&state, on: "theme light", clicks: 1)
        _ = try click(&state, on: "theme light", clicks: 2)
        #expect(state.overlay == nil && state.theme.name == .light)
    }

    @Test("a click beside a text being written or a pasted one does not throw it away")
    func nothingIsLost() async {
        var state = await explore("eabc").state
        send(&state, .press(.left, clicks: 1), 0, 5)
        #expect(state.overlay != nil)
        state = await explore("").state
        _ = Explorer.reduce(&state, .input(.paste("some text")))
        send(&state, .press(.left, clicks: 1), 0, 5)
        #expect(state.overlay != nil)
    }
}

import TerminalKit
import Testing
import TopsailCatalog
import TopsailUI

@Suite("Browse: keys and what they lead to") @MainActor struct BrowseTests {
    @Test("moving selects rows, and the neuron beside them follows")
    func moving() async {
        let state = await explore("jjjk").state
        #expect(state.browse.cursor.selected == 2)
        #expect(state.browse.detail?.key.index == 2)
    }

    @Test(
        "a number before a movement says how often",
        arguments: [
            ("5j", 5), ("<Alt-1><Alt-2>j", 12), ("<Alt-1>2j", 12), ("91jk", 90), ("50<Esc>j", 1), ("0j", 1),
            ("5j2k", 5),
        ])
    func repeats(keys: String, row: Int) async {
        let state = await explore(keys).state
        #expect(state.browse.cursor.selected == row)
        #expect(state.repeats == nil)
    }

    @Test("the end of any number of rows is one key away, and rows come as they are needed")
    func paging() async {
        let library = StubLibrary(count: 1_000_000)
        let state = await explore("G", library: library).state
        #expect(state.browse.cursor.selected == 999_999)
        #expect(state.browse.selected?.key.index == 999_999)
        #expect(library.pages.withLock { $0.count } <= 3)
    }

    @Test("a filter narrows the list while it is typed, and Esc takes it away")
    func filtering() async {
        let filtered = await explore("/rivers").state
        #expect(filtered.browse.rows.total ?? 0 > 0)
        #expect(filtered.browse.selected?.label == "names of rivers")
        let kept = await explore("/rivers<Enter>j").state
        #expect(kept.browse.filterText == "rivers")
        #expect(kept.browse.filterLine == nil)
        let cleared = await explore("/rivers<Enter><Esc>").state
        #expect(cleared.browse.filterText.isEmpty)
        #expect(cleared.browse.rows.total == 5760)
    }

    @Test("the selected neuron stays selected when the filter changes")
    func filterKeepsSelection() async {
        let state = await explore("jjj/rivers<Enter>").state
        #expect(state.browse.selected?.key.index == 3)
        let back = await explore("jjj/rivers<Enter><Esc>").state
        #expect(back.browse.selected?.key.index == 3)
    }

    @Test("a field that does not exist is named, and the last filter that could be read stays")
    func filterProblem() async {
        let state = await explore("/rivers mux>4").state
        #expect(state.browse.filterProblem?.hint?.contains("max") == true)
        #expect(state.browse.query.filter.words == "rivers mux")
    }

    @Test("q inside the filter line is a letter")
    func filterTakesLetters() async {
        let state = await explore("/q?2").state
        #expect(!state.isQuitting)
        #expect(state.browse.filterText == "q?2")
    }

    @Test("the tree opens branches and the table follows it")
    func tree() async {
        let opened = await explore("hj<Enter>j").state
        #expect(opened.browse.tree.expanded == ["violence"])
        #expect(opened.browse.query.scope == .category("violence.weapons"))
        #expect(opened.browse.rows.total == 1)
        let closed = await explore("hj<Enter>jhh").state
        #expect(closed.browse.tree.expanded.isEmpty)
        #expect(closed.browse.query.scope == .category("violence"))
    }

    @Test("tagging counts at once, and undo takes it back")
    func tagging() async {
        let tagged = await explore("tthreat<Enter>").state
        #expect(tagged.categories.nodes.first { $0.slug == "violence.threat" }?.count == 1)
        #expect(tagged.browse.detail?.tags.map(\.slug) == ["violence.threat"])
        let undone = await explore("tthreat<Enter>u").state
        #expect(undone.browse.detail?.tags.isEmpty == true)
        #expect(undone.lastMessage == "undid the tag violence.threat")
    }

    @Test("a second choice of the same tag takes it off")
    func untagging() async {
        #expect(await explore("tthreat<Enter>tthreat<Enter>").state.browse.detail?.tags.isEmpty == true)
    }

    @Test("Tab in the tag list toggles and stays")
    func taggingSeveral() async {
        let state = await explore("t<Tab><Down><Tab><Esc>").state
        #expect(state.overlay == nil)
        #expect(state.browse.detail?.tags.map(\.slug) == ["violence", "violence.weapons"])
    }

    @Test("verbs act on marks when there are any")
    func marks() async {
        let marked = await explore("<Space><Space>").state
        #expect(marked.browse.marks.map(\.index) == [0, 1])
        #expect(marked.browse.cursor.selected == 2)
        let tagged = await explore("<Space><Space>tthreat<Enter>").state
        #expect(tagged.categories.nodes.first { $0.slug == "violence.threat" }?.count == 2)
        #expect(await explore("<Space>jjjv").state.browse.marks.count == 5)
        #expect(await explore("<Space><Esc>").state.browse.marks.isEmpty)
    }

    @Test("* marks what is not marked, in the whole list, and a long list says that it is too long")
    func invertingMarks() async {
        let all = await explore("/rivers<Enter>*").state
        #expect(all.browse.marks.count == all.browse.rows.total)
        let rest = await explore("/rivers<Enter><Space>*").state
        #expect(rest.browse.marks.count == (all.browse.rows.total ?? 0) - 1)
        #expect(!rest.browse.marks.contains(all.browse.marks[0]))
        #expect(await explore("/rivers<Enter>**").state.browse.marks.isEmpty)
        let long = await explore("*").state
        #expect(long.browse.marks.isEmpty)
        #expect(long.lastMessage == "5,760 rows are too many to mark, 5,000 can be; filter first")
    }

    @Test("a filter that cannot be read stays open, and what is wrong with it is told instead of an empty list")
    func unreadableFilter() async {
        let (state, frame) = await explore("/zzz mux>4<Enter>")
        #expect(state.browse.filterLine?.text == "zzz mux>4")
        #expect(frame.plainText.contains("no field “mux”"))
        #expect(!frame.plainText.contains("No neurons"))
    }

    @Test("the session's commands leave out what was only being typed, and name all that the list depends on")
    func commands() async {
        let state = await explore("/rivers max>9<Enter>sS").state
        #expect(
            state.commands.filter { $0.hasPrefix("topsail neurons") } == [
                "topsail neurons --sort evidence", "topsail neurons --filter 'rivers max>9.0' --sort relevance",
                "topsail neurons --filter 'rivers max>9.0' --sort evidence",
                "topsail neurons --filter 'rivers max>9.0' --sort evidence --reverse",
            ])
    }

    @Test("the export dialog's command means what the dialog writes")
    func exportCommand() async {
        #expect(
            await explore("hjx", size: Size(width: 120, height: 40)).frame.plainText
                .contains("violence --sort evidence"))
        let marked = await explore("<Space><Space>x", size: Size(width: 120, height: 40)).frame.plainText
        #expect(marked.contains("--neuron "))
    }

    @Test("what stands of a list counts against the category that is selected")
    func filteredCategory() async {
        let line = await explore("hj<Enter>l/zzzz<Enter>").frame.lines[23]
        #expect(line.hasPrefix(" 0 of 1 "), "\(line)")
    }

    @Test("an explanation is written, shown and undone")
    func explaining() async {
        let state = await explore("ewhere rivers meet<Enter>").state
        #expect(state.browse.detail?.explanations.first?.text == "where rivers meet")
        #expect(state.browse.selected?.label == "where rivers meet")
        #expect(await explore("ewhere<Esc>").state.browse.detail?.explanations.first?.source == "tokens")
        #expect(await explore("ewhere<Enter>u").state.browse.detail?.explanations.first?.source == "tokens")
    }

    @Test("a machine's explanation is taken over with Tab and edited")
    func explainingFromSuggestion() async {
        let text = await explore("e<Tab>!<Enter>").state.browse.detail?.explanations.first?.text
        #expect(text == "fires on apologies and regret, most of all after a comma!")
    }

    @Test("a number after the colon goes to that neuron; brackets go back and forward")
    func jumping() async {
        let there = await explore(":3377<Enter>").state
        #expect(there.browse.detail?.key.index == 3377)
        #expect(there.browse.pane == .detail)
        let back = await explore("jj:3377<Enter>[").state
        #expect(back.browse.detail?.key.index == 2)
        #expect(await explore("jj:3377<Enter>[]").state.browse.detail?.key.index == 3377)
        #expect(await explore(":14_12<Enter>").state.browse.detail?.key.index == 12)
    }

    @Test("the table goes to a neuron opened by name, unless its filter hides it")
    func jumpingInTable() async {
        let shown = await explore(":3377<Enter>").state
        #expect(shown.browse.cursor.selected == 3377)
        #expect(shown.browse.opened == nil)
        let hidden = await explore("/rivers<Enter>j:3377<Enter>").state
        #expect(hidden.browse.opened?.index == 3377)
        #expect(hidden.browse.selected?.label == "names of rivers")
        #expect(await explore("/rivers<Enter>j:3377<Enter>hj").state.browse.detail?.key.index != 3377)
    }

    @Test("a neuron that is not there is an error that stays until Esc")
    func jumpingNowhere() async {
        let state = await explore(":99999<Enter>").state
        #expect(state.toasts.toasts.first?.kind == .error)
        #expect(await explore(":99999<Enter><Esc>").state.toasts.toasts.isEmpty)
    }

    @Test("commands run by name from the palette")
    func palette() async {
        #expect(await explore(":reverse sort<Enter>").state.browse.query.isReversed)
        #expect(await explore(":theme light<Enter>").state.theme.name == .light)
        #expect(await explore(":quit<Enter>").state.isQuitting)
    }

    @Test("help lists the keys of the pane, is searched, and runs what is chosen")
    func help() async {
        let choice = await explore("?").state.choice
        #expect(choice?.purpose == .help)
        #expect(await explore("?reverse<Enter>").state.browse.query.isReversed)
        #expect(await explore("?q").state.overlay == nil)
        #expect(await explore("?q").state.isQuitting == false)
    }

    @Test("a neighbour is one list away")
    func neighbours() async {
        let state = await explore("<Enter><Enter><Enter>").state
        #expect(state.browse.detail?.key.index == 3271)
    }

    @Test("the export dialog carries format and path")
    func export() async {
        let marked = await explore("<Space><Space>xll<Tab>").state
        guard case .export(let dialog) = marked.overlay else {
            Issue.record("no dialog")
            return
        }
        #expect(dialog.request.format == .markdown)
        #expect(dialog.request.path == "topsail-neurons.md")
        #expect(dialog.count == 2)
        #expect(await explore("x<Enter>").state.lastMessage == "wrote 5,760 neurons to topsail-neurons.csv")
    }

    @Test("copies say which way they went")
    func copying() async {
        #expect(await explore("y<Enter>").state.lastMessage == "copied the id via test")
    }

    @Test("what cannot be done answers with its reason")
    func reasons() async {
        #expect(await explore("v").state.lastMessage == "mark a row with Space first")
        #expect(await explore("[").state.lastMessage == "there is nowhere to go back to")
    }

    @Test("Esc never leaves the program; q does")
    func leaving() async {
        #expect(await explore("<Esc><Esc><Esc><Esc>").state.isQuitting == false)
        #expect(await explore("q").state.isQuitting)
        #expect(await explore("<Ctrl-C><Ctrl-C>").state.isQuitting)
        #expect(await explore("<Ctrl-C>").state.isQuitting == false)
    }

    @Test("zoom makes the pane as large as the screen, and back")
    func zoom() async {
        let zoomed = await explore("z")
        #expect(zoomed.state.browse.isZoomed)
        #expect(!zoomed.frame.plainText.contains("Categories"))
        #expect(await explore("zz").frame.plainText.contains("Categories"))
    }

    @Test("Tab goes round the panes that are on show")
    func tabbing() async {
        #expect(await explore("<Tab>").state.browse.pane == .detail)
        #expect(await explore("<Tab><Tab>").state.browse.pane == .tree)
        #expect(await explore("<Shift-Tab>").state.browse.pane == .tree)
        #expect(await explore("<Tab><Tab>", size: Size(width: 200, height: 60)).state.browse.pane == .side)
    }

    @Test("the mouse focuses, selects and opens")
    func mouse() async {
        var state = await explore("").state
        let press = MouseEvent(.press(.left, clicks: 2), at: Position(x: 30, y: 6))
        _ = Explorer.reduce(&state, .input(.mouse(press)))
        #expect(state.browse.cursor.selected == 3)
        #expect(state.browse.pane == .detail)
        _ = Explorer.reduce(&state, .input(.mouse(MouseEvent(.wheelDown, at: Position(x: 30, y: 6)))))
        #expect(state.browse.cursor.offset == 3)
    }

    @Test("an empty catalog says how it is filled")
    func emptyCatalog() async {
        let frame = await explore("", library: StubLibrary(count: 0)).frame
        #expect(frame.plainText.contains("The catalog has no"))
    }

    @Test("a resize keeps the selection on show")
    func resize() async {
        var state = await explore("jjjjjjjjjjjjjjjjj").state
        _ = Explorer.reduce(&state, .input(.resize(Size(width: 70, height: 16))))
        #expect(state.browse.cursor.selected == 17)
        #expect(state.browse.cursor.offset > 0)
        #expect(Explorer.frame(of: state).size == Size(width: 70, height: 16))
    }
}

import TerminalKit
import Testing
import TopsailCore
import TopsailEngine
import TopsailUI

@Suite("Live: typing, tokens, answers") @MainActor struct LiveTests {
    @Test("the editor has the keys from the start, and tokens follow")
    func typing() async {
        let state = await explore("2a lock").state
        #expect(state.live.pane == .prompt)
        #expect(state.live.editor.text == "a lock")
        #expect(state.live.sequence.tokens.contains { $0.text == " lock" })
        #expect(!state.live.isBehind)
    }

    @Test("screen keys, q and ? are text inside the editor")
    func textKeys() async {
        let state = await explore("21q?:").state
        #expect(state.live.editor.text == "1q?:")
        #expect(state.screen == .live)
        #expect(!state.isQuitting)
    }

    @Test("Esc leaves the editor, then keys are keys")
    func leaving() async {
        let state = await explore("2a<Esc>").state
        #expect(state.live.pane == .tokens)
        #expect(await explore("2a<Esc>1").state.screen == .browse)
        #expect(await explore("2a<Esc>i").state.live.pane == .prompt)
        #expect(await explore("2a<Esc>q").state.isQuitting)
    }

    @Test("Alt-Enter begins a new line")
    func newLine() async {
        #expect(await explore("2a<Alt-Enter>b").state.live.editor.text == "a\nb")
    }

    @Test("Enter answers; answer tokens join the strip and can be chosen")
    func answering() async {
        let state = await explore("2a lock<Enter>").state
        #expect(state.live.answerText == " If you own the lock, call a locksmith.")
        #expect(state.live.sequence.answerTokens.count == 10)
        #expect(state.live.selectedToken == state.live.sequence.tokens.count - 1)
        #expect(await explore("2a lock<Enter>hh").state.live.selectedToken == state.live.sequence.tokens.count - 3)
    }

    @Test("an empty prompt is not answered")
    func emptyPrompt() async {
        #expect(await explore("2  <Enter>").state.lastMessage == "the prompt is empty; type one first")
    }

    @Test("a changed prompt keeps the earlier answer to read")
    func earlierAnswer() async {
        let result = await explore("2a lock<Enter>i!")
        #expect(result.state.live.sequence.answerTokens.isEmpty)
        #expect(result.frame.plainText.contains("Answer to the earlier prompt"))
    }

    @Test("Up recalls the prompt before")
    func history() async {
        #expect(await explore("2one<Enter>i<Ctrl-U>two<Enter>i<Ctrl-U><Up><Up>").state.live.editor.text == "one")
    }

    @Test("the template switch changes the row that the model reads")
    func template() async {
        let chat = await explore("2a lock<Esc>").state.live.sequence.tokens
        let plain = await explore("2a lock<Esc>T").state.live.sequence.tokens
        #expect(chat.contains { $0.text == "<|im_start|>" })
        #expect(!plain.contains { $0.text == "<|im_start|>" })
        #expect(await explore("2a lock<Alt-t>").state.live.usesChatTemplate == false)
    }

    @Test("special and first tokens are shown, and left out of the maxima")
    func counting() async {
        let sequence = await explore("2a lock").state.live.sequence
        let special = sequence.tokens.indices.filter { !sequence.tokens[$0].isCounted }
        #expect(!special.isEmpty)
        #expect(sequence.peaks.allSatisfy { !special.contains($0.token) })
    }

    @Test("a pinned neuron stays at the top while the prompt changes")
    func pinning() async {
        let pinned = await explore("2a lock<Esc><Space>").state
        let key = pinned.live.pins.first
        #expect(key != nil)
        let later = await explore("2a lock<Esc><Space>i<Ctrl-U>rivers").state
        #expect(later.live.wholeRows.first?.key == key)
        #expect(later.live.wholeRows.first?.isPinned == true)
        #expect(await explore("2a lock<Esc><Space><Space>").state.live.pins.isEmpty)
    }

    @Test("a neuron opens in Browse, and back leads here")
    func opening() async {
        let live = await explore("2a lock<Esc><Tab>").state
        let opened = await explore("2a lock<Esc><Tab><Enter>").state
        #expect(opened.screen == .browse)
        #expect(opened.browse.detail?.key == live.live.selectedNeuron)
        #expect(await explore("2a lock<Esc><Tab><Enter>[").state.screen == .live)
    }

    @Test("the meter shows its evidence")
    func evidence() async {
        let state = await explore("2a lock<Esc><Tab><Tab><Tab><Enter>").state
        #expect(state.choice?.purpose == .evidence("privacy"))
        #expect(await explore("2a lock<Esc><Tab><Tab><Tab><Enter><Enter>").state.screen == .browse)
    }

    @Test("colourings go round; surprisal is asked of the model when it is wanted")
    func colouring() async {
        #expect(await explore("2a<Esc>c").state.live.colouring == .strongest)
        #expect(await explore("2a<Esc>ccc").state.live.colouring == .surprisal)
        #expect(await explore("2a<Esc>ccccc").state.live.colouring == .neuron)
    }

    @Test("pasting outside of an editor asks first")
    func pasting() async {
        var state = await explore("").state
        _ = Explorer.reduce(&state, .input(.paste("how do\nlocks work")))
        #expect(state.choice?.purpose == .paste("how do\nlocks work"))
        _ = Explorer.reduce(&state, .input(.key("Enter")))
        #expect(state.screen == .live)
        #expect(state.live.editor.text == "how do\nlocks work")
    }

    @Test("pasting into the editor keeps its lines")
    func pastingIntoEditor() async {
        var state = await explore("2").state
        let effects = Explorer.reduce(&state, .input(.paste("one\r\ntwo")))
        #expect(state.live.editor.text == "one\ntwo")
        #expect(effects.contains(.report(state.live.request, generation: state.live.generation)))
    }

    // MARK: Order of answers

    private func typed(_ keys: String) -> ExplorerState {
        var state = ExplorerState(size: Size(width: 80, height: 24), theme: Themes.dark)
        _ = Explorer.start(&state)
        for chord in KeyChord.sequence(keys)! { _ = Explorer.reduce(&state, .input(.key(chord))) }
        return state
    }

    private func report(_ text: String) -> LiveReport {
        let tokens = StubLive.tokens(of: LiveRequest(text: text, usesChatTemplate: false))
        return LiveReport(saes: StubLive.saes, tokens: tokens, categories: [], reusedTokens: 0, elapsed: .zero)
    }

    @Test("a report on an earlier prompt is dropped; the last one stays on show while the next is under way")
    func staleReports() {
        var state = typed("2ab")
        #expect(state.live.generation == 2)
        _ = Explorer.reduce(&state, .report(report("ab"), generation: 2))
        _ = Explorer.reduce(&state, .input(.key("c")))
        #expect(state.live.isBehind)
        #expect(state.live.sequence.tokens.map(\.text) == ["ab"])
        _ = Explorer.reduce(&state, .report(report("a"), generation: 1))
        #expect(state.live.sequence.tokens.map(\.text) == ["ab"])
        _ = Explorer.reduce(&state, .report(report("abc"), generation: 3))
        #expect(state.live.sequence.tokens.map(\.text) == ["abc"])
        #expect(!state.live.isBehind)
    }

    @Test("Esc stops an answer and keeps its text; tokens that come later are dropped")
    func stopping() {
        var state = typed("2ab<Enter>")
        _ = Explorer.reduce(&state, .answer(.prompt(report("ab")), generation: 1))
        _ = Explorer.reduce(&state, .answer(.token(StubLive.token("If", .answer), categories: []), generation: 1))
        let effects = Explorer.reduce(&state, .input(.key("Esc")))
        #expect(effects.contains(.stopAnswer))
        _ = Explorer.reduce(&state, .answer(.token(StubLive.token(" you", .answer), categories: []), generation: 1))
        #expect(state.live.answerText == "If")
        #expect(state.live.answer == .stopped)
        #expect(Explorer.frame(of: state).plainText.contains("1 token · stopped"))
    }

    @Test("a model that cannot be loaded is an error with its remedy, and Browse goes on")
    func noModel() async {
        let services = ExplorerServices(
            library: StubLibrary(), live: NoModel(NoModel.Reason("no model is set up", hint: "run topsail setup")),
            copy: { _ in "" })
        let state = ExplorerState(size: Size(width: 80, height: 24), theme: Themes.dark)
        let result = await ExplorerReplay.run(keys: KeyChord.sequence("2x<Esc>")!, state: state, services: services)
        #expect(result.frame.plainText.contains("no model is set up"))
        let after = await ExplorerReplay.run(
            keys: KeyChord.sequence("2<Esc><Esc>1j")!, state: state, services: services)
        #expect(after.state.browse.cursor.selected == 1)
    }
}

import TerminalKit
import Testing
import TopsailEngine
import TopsailUI

@Suite("Contrast: pairs, runs, findings") @MainActor struct ContrastTests {
    @Test("the pairs are grouped by concept in their order")
    func concepts() async {
        let contrast = await explore("3").state.contrast
        #expect(
            contrast.concepts.map(\.slug) == ["violence.weapons", "violence.threat", "privacy.address", "own words"])
        #expect(contrast.concept?.pairs.count == 3)
        #expect(contrast.pane == .concepts)
    }

    @Test("Enter reads one concept, R all of them")
    func running() async {
        let one = await explore("3<Enter>").state
        #expect(one.contrast.findings.count == 2)
        #expect(one.contrast.finding?.concept == "violence.weapons")
        #expect(one.jobs.isEmpty)
        #expect(one.lastMessage == "Weapons: 5 neurons pass the selection")
        let all = await explore("3R").state
        #expect(all.contrast.findings.count == 8)
        #expect(all.contrast.saes == StubExperiments.saes)
    }

    @Test("Enter on a concept that was read goes on to its neurons, and on a neuron to Browse")
    func opening() async {
        let neurons = await explore("3<Enter><Enter>j").state
        #expect(neurons.contrast.pane == .neurons)
        let opened = await explore("3<Enter><Enter>j<Enter>").state
        #expect(opened.screen == .browse)
        #expect(opened.browse.detail?.key == neurons.contrast.selectedNeuron)
        let back = await explore("3<Enter><Enter>j<Enter>[").state
        #expect(back.screen == .contrast)
        #expect(back.contrast.pane == .neurons)
    }

    @Test("t offers the concept at hand; the tag goes to the marked neurons and can be undone")
    func tagging() async {
        let library = StubLibrary()
        let keys = "3<Enter><Enter><Space><Space>t"
        let choosing = await explore(keys, library: library).state
        #expect(choosing.contrast.marks.count == 2)
        #expect(choosing.choice?.picker.query.text == "violence.weapons")
        let tagged = await explore(keys + "<Enter>", library: library).state
        #expect(tagged.lastMessage.hasPrefix("tagged violence.weapons on 2 neurons"))
        #expect(tagged.categories.tagged == 3)
        #expect(await explore(keys + "<Enter>u", library: StubLibrary()).state.categories.tagged == 1)
    }

    @Test("another SAE shows its own neurons")
    func otherSAE() async {
        let first = await explore("3<Enter>").state.contrast.finding
        let second = await explore("3<Enter><Tab>j").state.contrast.finding
        #expect(first?.sae == "topk-k32")
        #expect(second?.sae == "topk-k64")
    }

    @Test("a pair that a person writes is kept, shown, and can be taken away")
    func ownPairs() async {
        let keys = "3n<Tab><Tab><Ctrl-U><Esc>"
        #expect(await explore(keys).state.contrast.own.count == 1)
        let written = await explore("3nI will find you<Tab>I will call you<Enter>").state
        #expect(written.contrast.own.count == 2)
        #expect(written.contrast.concept?.slug == "violence.weapons")
        #expect(written.contrast.shownPairs.last?.present == "I will find you")
        #expect(await explore("3G<Tab><Tab><Tab>E<Ctrl-U><Tab><Ctrl-U><Enter>").state.contrast.own.isEmpty)
    }

    @Test("what is missing in a new pair gets the keys")
    func incompletePair() async {
        let state = await explore("3nonly this<Enter>").state
        guard case .pair(let dialog) = state.overlay else {
            Issue.record("the dialog is gone")
            return
        }
        #expect(dialog.field == .absent)
    }

    @Test("a file of pairs takes their place, Esc goes back, and a file that cannot be read is an error")
    func files() async {
        let opened = await explore("3opairs.jsonl<Enter>").state
        #expect(opened.contrast.concepts.map(\.slug) == ["deception"])
        #expect(await explore("3opairs.jsonl<Enter><Esc>").state.contrast.concepts.count == 4)
        let failed = await explore("3ono.jsonl<Enter>").state
        #expect(failed.lastMessage == "no.jsonl cannot be read")
        #expect(failed.contrast.concepts.count == 4)
    }

    @Test("Enter on a pair reads both prompts side by side in Live")
    func sideBySide() async {
        let state = await explore("3l<Enter>").state
        #expect(state.screen == .live)
        #expect(state.live.held?.text.hasSuffix("held a book.") == true)
        #expect(state.live.editor.text.hasSuffix("held a knife."))
        #expect(!state.live.atRows.isEmpty)
        #expect(!state.live.wholeRows.isEmpty)
    }

    // MARK: Order of events

    /// On Contrast with two pairs, after the keys; effects are not carried out.
    private func state(_ keys: String) -> ExplorerState {
        var state = ExplorerState(size: Size(width: 80, height: 24), theme: Themes.dark)
        _ = Explorer.start(&state)
        for chord in KeyChord.sequence("3")! { _ = Explorer.reduce(&state, .input(.key(chord))) }
        let pairs = [
            PromptPair(concept: "a", present: "x y", absent: "x z"),
            PromptPair(concept: "b", present: "p", absent: "q"),
        ]
        _ = Explorer.reduce(&state, .pairs(pairs, file: nil))
        for chord in KeyChord.sequence(keys)! { _ = Explorer.reduce(&state, .input(.key(chord))) }
        return state
    }

    @Test("a run shows its progress; Esc stops it, and steps that come later are dropped")
    func stopping() {
        var state = state("R")
        #expect(state.job(.contrast)?.progress?.of == 4)
        _ = Explorer.reduce(&state, .contrast(.progress(concept: "b", texts: 3, of: 4), generation: 1))
        #expect(Explorer.frame(of: state).plainText.contains("contrast of b 3/4"))
        let effects = Explorer.reduce(&state, .input(.key("Esc")))
        #expect(effects.contains(.stop(.contrast)))
        #expect(state.jobs.isEmpty)
        let finding = StubExperiments.finding("a", sae: "s", texts: 4)
        _ = Explorer.reduce(&state, .contrast(.findings([finding]), generation: 1))
        #expect(state.contrast.findings.isEmpty)
    }

    @Test("the job list stops what it has selected")
    func jobs() {
        var state = state("RJ")
        #expect(Explorer.frame(of: state).plainText.contains("0 of 4"))
        let effects = Explorer.reduce(&state, .input(.key("x")))
        #expect(effects.contains(.stop(.contrast)))
        #expect(state.jobs.isEmpty)
    }
}

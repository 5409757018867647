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
        #expect(tagged.lastMessage.hasPrefix("tagged “Weapons” on 2 neurons"))
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

    @Test("while the pairs are being read, keys say so and no pane claims that there are none")
    func loading() {
        var state = ExplorerState(size: Size(width: 80, height: 24), theme: Themes.dark)
        _ = Explorer.start(&state)
        for chord in KeyChord.sequence("3<Enter>")! { _ = Explorer.reduce(&state, .input(.key(chord))) }
        #expect(state.lastMessage == "the pairs are being read")
        for chord in KeyChord.sequence("R<Tab><Tab><Enter>")! { _ = Explorer.reduce(&state, .input(.key(chord))) }
        #expect(state.messages.allSatisfy { $0 == "the pairs are being read" })
        #expect(Explorer.frame(of: state).plainText.contains("The pairs are being read."))
        _ = Explorer.reduce(&state, .pairs([], file: nil))
        _ = Explorer.reduce(&state, .input(.key("r")))
        #expect(state.lastMessage == "there are no pairs; n writes one, o opens a file")
    }

    @Test("Enter in the empty list of neurons reads the concept's pairs, as the list says")
    func readingFromNeurons() async {
        let before = await explore("3<Tab><Tab>")
        #expect(before.state.contrast.pane == .neurons)
        #expect(before.frame.plainText.contains("Enter reads this concept's pairs"))
        #expect(await explore("3<Tab><Tab><Enter>").state.contrast.finding?.concept == "violence.weapons")
        // It does not begin again while it is being read.
        var state = state("<Tab><Tab><Enter>")
        #expect(state.contrast.generation == 1)
        _ = Explorer.reduce(&state, .input(.key("Enter")))
        #expect(state.contrast.generation == 1)
    }

    @Test("/ filters the concepts by words; Enter keeps the filter in the title, Esc clears it")
    func filteringConcepts() async {
        let typing = await explore("3/addr")
        #expect(typing.state.contrast.concept?.slug == "privacy.address")
        #expect(typing.frame.plainText.contains("Concepts 1 of 4"))
        let kept = await explore("3/viol<Enter>j")
        #expect(kept.state.contrast.conceptRows.count == 2)
        #expect(kept.state.contrast.concept?.slug == "violence.threat")
        #expect(kept.frame.plainText.contains("Concepts 2 of 4 /viol"))
        let cleared = await explore("3/viol<Enter>j<Esc>").state
        #expect(cleared.contrast.conceptRows.count == 4)
        #expect(cleared.contrast.concept?.slug == "violence.threat")
        let none = await explore("3/zzz<Enter><Enter>")
        #expect(none.frame.plainText.contains("No concept matches “zzz”."))
        #expect(none.state.lastMessage == "no concept matches the filter; Esc clears it")
        #expect(await explore("3/zzz<Esc>").state.contrast.conceptRows.count == 4)
    }

    @Test("/ in the list of neurons filters those, and keys act on what is on show")
    func filteringNeurons() async {
        let result = await explore("3<Enter><Enter>/river<Enter>")
        let labels = result.state.contrast.neurons.map {
            result.state.labels[NeuronKey(sae: StubLibrary.sae, index: $0.index)]?.text
        }
        #expect(!labels.isEmpty && labels.allSatisfy { $0 == "names of rivers" })
        #expect(result.frame.plainText.contains("of 1,234 /river, 5 pass"))
        let opened = await explore("3<Enter><Enter>/river<Enter><Enter>").state
        #expect(opened.browse.detail?.key == result.state.contrast.selectedNeuron)
        // What was selected stays so when the filter goes.
        let cleared = await explore("3<Enter><Enter>/river<Enter>j<Esc>").state
        #expect(cleared.contrast.neurons.count == 30)
        let chosen = await explore("3<Enter><Enter>/river<Enter>j").state.contrast.selectedNeuron
        #expect(cleared.contrast.selectedNeuron == chosen)
    }

    @Test("s sorts by each figure in turn and marks its column, S reverses, and the selection stays")
    func sorting() async {
        func order(_ keys: String) async -> [ContrastFinding.Neuron] {
            await explore("3<Enter><Enter>" + keys).state.contrast.neurons
        }
        #expect(await order("s").map(\.frequency) == order("s").map(\.frequency).sorted(by: >))
        #expect(await order("ss").map(\.effect) == order("ss").map(\.effect).sorted(by: >))
        let byAUROC = await order("sss").compactMap(\.evidence.auroc)
        #expect(byAUROC == byAUROC.sorted(by: >) && byAUROC.first != byAUROC.last)
        #expect(await order("ssss").map(\.index) == order("ssss").map(\.index).sorted())
        #expect(await order("ssssS").map(\.index) == order("ssss").map(\.index).reversed())
        #expect(await order("sssss") == order(""))
        let frame = await explore("3<Enter><Enter>s").frame.plainText
        #expect(frame.contains("freq▾") && frame.contains("by freq"))
        #expect(await explore("3<Enter><Enter>sS").frame.plainText.contains("freq▴"))
        // At 80 columns AUROC is a column only while it gives the order.
        #expect(await explore("3<Enter><Enter>sss").frame.plainText.contains("AUROC▾"))
        #expect(!frame.contains("AUROC     q"))
        let selected = await explore("3<Enter><Enter>jj").state.contrast.selectedNeuron
        #expect(await explore("3<Enter><Enter>jjssssS").state.contrast.selectedNeuron == selected)
    }

    @Test("X lists the neurons of the other side and back; before anything was read it says why not")
    func swapping() async {
        #expect(await explore("3X").state.lastMessage == "this concept's pairs were not read yet; Enter reads them")
        let swapped = await explore("3<Enter><Enter>jX")
        #expect(swapped.state.contrast.neurons == swapped.state.contrast.finding?.absent.neurons)
        #expect(swapped.state.contrast.neuronCursor.selected == 0)
        #expect(swapped.frame.plainText.contains("Without the concept 9, 2 pass"))
        #expect(await explore("3<Enter><Enter>XX").state.contrast.neurons.count == 30)
        // The concept is no tag for neurons of its absence.
        #expect(await explore("3<Enter><Enter>Xt").state.choice?.picker.query.text == "")
    }

    @Test("a list that was cut says of how many")
    func cut() async {
        let result = await explore("3<Enter><Enter>j")
        #expect(result.frame.plainText.contains("Neurons 30 of 1,234, 5 pass"))
        #expect(result.frame.lines[23].contains("2/30 of 1,234"))
    }

    @Test("the selected neuron's two sides stand beside its checks", arguments: [80, 120, 200])
    func evidence(_ width: Int) async throws {
        let result = await explore("3<Enter><Enter>", size: Size(width: width, height: width == 80 ? 24 : 50))
        let neuron = try #require(result.state.contrast.selected)
        let text = result.frame.plainText
        #expect(neuron.evidence.auroc == 1)
        for words in [
            "with ", "without ", "effect d", "AUROC    1.0", "held out 1.0", "shuffled .50", "95% ≤", "chance q",
        ] {
            #expect(text.contains(words), "\(words)")
        }
    }

    @Test("zoomed on the smallest screen, the list leaves room for all of the evidence")
    func zoomedEvidence() async {
        let text = await explore("3<Enter><Enter>z", size: Size(width: 60, height: 16)).frame.plainText
        for words in ["with ", "without ", "effect d", "held out", "shuffled"] { #expect(text.contains(words)) }
    }

    @Test("a key that does nothing here says why")
    func silentKeys() async {
        #expect(await explore("3<Space>").state.lastMessage == "Space works in the list of neurons; Tab goes there")
        #expect(await explore("3Q").state.lastMessage == "Q does nothing on this screen; ? lists the keys")
        #expect(await explore("4v").state.lastMessage == "v does nothing on this screen; ? lists the keys")
        #expect(await explore("3s").state.lastMessage.contains("not read yet"))
    }

    @Test("SAEs come in natural order, and the pane says which of them are on show")
    func manySAEs() {
        var state = state("")
        let names = ["l14", "l0", "l7", "l29", "l22"].map { "smollm-mlp_out.\($0)-topk-k16" }
        let findings = names.map { StubExperiments.finding("a", sae: $0, texts: 4) }
        _ = Explorer.reduce(&state, .contrast(.findings(findings), generation: 0))
        #expect(
            state.contrast.saes.map { $0.split(separator: ".")[1] }
                == ["l0", "l7", "l14", "l22", "l29"].map { $0 + "-topk-k16" })
        #expect(state.contrast.sae == "smollm-mlp_out.l0-topk-k16")
        let text = Explorer.frame(of: state).plainText
        #expect(text.contains("SAE 1–4 of 5"))
        #expect(text.contains("…l14-topk"))
    }
}

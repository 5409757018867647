import Foundation
import TerminalKit
import Testing
import TopsailCore
import TopsailEngine
import TopsailUI

@Suite("Live: typing, tokens, answers") @MainActor struct LiveTests {
    @Test("an answer adds the commands that read the prompt and write the answer")
    func answerCommands() async {
        let state = await explore("2How do locks work?<Enter>").state
        #expect(
            state.commands.suffix(2) == [
                "topsail encode --text 'How do locks work?' --chat",
                "topsail generate --text 'How do locks work?' --chat --max-tokens 160 --greedy",
            ])
    }

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

    // MARK: Ways in

    @Test("its number and its name in the bar lead to the editor; the way back keeps the pane")
    func visiting() async {
        let again = await explore("2a lock<Esc>12How do I").state
        #expect(again.live.pane == .prompt)
        #expect(again.live.editor.text == "a lockHow do I")
        #expect(again.shielded.isEmpty && again.live.pins.isEmpty)
        #expect(await explore("2a lock<Esc>1[").state.live.pane == .tokens)
        #expect(await explore("2a lock<Esc>2").state.live.pane == .tokens)
        let zoomed = await explore("2a lock<Esc>z12").state
        #expect(zoomed.live.pane == .prompt && !zoomed.live.isZoomed)
        var state = await explore("2a lock<Esc>1").state
        let x = Explorer.frame(of: state).lines[0].distance(of: "Live")
        _ = Explorer.reduce(
            &state, .input(.mouse(MouseEvent(.press(.left, clicks: 1), at: Position(x: x, y: 0)))))
        #expect(state.screen == .live && state.live.pane == .prompt)
    }

    // MARK: Refused prompts

    @Test("a prompt that cannot be read leaves nothing of an earlier one, and the strip's pane says why")
    func refusal() async {
        let live = StubLive(longest: 20)
        let state = await explore("2a lock", live: live).state
        #expect(!state.live.sequence.tokens.isEmpty && !state.live.categories.isEmpty)
        let long = "2a lock of mine that has no key"
        for keys in [long, long + "<Esc>", "2a lock<Alt-d> of mine that has no key"] {
            let result = await explore(keys, live: live)
            #expect(result.state.live.sequence.tokens.isEmpty && result.state.live.categories.isEmpty, "\(keys)")
            #expect(result.state.live.atRows.isEmpty && result.state.live.wholeRows.isEmpty)
            let text = result.frame.plainText
            #expect(text.contains("This prompt was not read: the text has 30 bytes; 20 fit (shorten the text)."))
            #expect(!text.contains("At [") && !text.contains("Violence"))
        }
        let shorter = await explore(long + String(repeating: "<Backspace>", count: 20), live: live)
        #expect(!shorter.state.live.sequence.tokens.isEmpty)
        #expect(!shorter.frame.plainText.contains("not read"))
        let asked = await explore("2a lock of mine that has no key<Enter>", live: live)
        #expect(asked.state.live.answer == .stopped && asked.state.live.sequence.tokens.isEmpty)
        #expect(asked.frame.plainText.contains("30 bytes"))
    }

    @Test("what a prompt was refused for that has been changed since is not said")
    func staleRefusal() {
        var state = typed("2ab")
        let old = Effect.report(state.live.request, generation: 1)
        _ = Explorer.reduce(&state, .failed("too long", hint: nil, during: old))
        #expect(state.live.refusal == nil && state.messages.isEmpty)
    }

    // MARK: Answers that are cut

    @Test("an answer that was cut goes on, as far as the settings say, to the end of the turn")
    func goingOn() async {
        let set = "2a lock<Esc>A<Ctrl-U>tokens 4<Enter>r"
        let cut = await explore(set)
        #expect(cut.state.live.answerText == " If you own the")
        #expect(cut.frame.plainText.contains("4 tokens"))
        #expect(cut.frame.plainText.contains("cut at the limit · + goes on"))
        let more = await explore(set + "+")
        #expect(more.state.live.answerText == " If you own the lock, call a")
        #expect(more.state.live.sequence.promptCount == cut.state.live.sequence.promptCount)
        let whole = await explore(set + "+<Tab><Tab><Tab><Tab><Enter>")
        #expect(whole.state.live.pane == .answer)
        #expect(whole.state.live.answerText == " If you own the lock, call a locksmith.")
        #expect(!whole.frame.plainText.contains("goes on"))
        #expect(await explore(set + "+++").state.lastMessage == "the model has ended its turn")
        #expect(await explore("2a lock<Esc>+").state.lastMessage == "there is no answer to go on with")
        #expect(await explore(set + "i!<Esc>+").state.lastMessage == "there is no answer to go on with")
    }

    @Test("length, temperature and seed are set for the sitting, and mistakes change nothing")
    func sampling() async {
        let state = await explore("2<Esc>A<Ctrl-U>seed=7, temperature=.5<Enter>").state
        #expect(state.live.sampling == AnswerOptions(temperature: 0.5, seed: 7))
        #expect(state.lastMessage == "answers: tokens 160  temperature 0.5  seed 7")
        for (line, word) in [("tokens 0", "whole number"), ("heat 3", "none of"), ("temperature", "0 to 10")] {
            let wrong = await explore("2<Esc>A<Ctrl-U>seed 7 \(line)<Enter>").state
            #expect(wrong.live.sampling == AnswerOptions(), "\(line)")
            #expect(wrong.lastMessage.contains(word), "\(line)")
        }
    }

    // MARK: The meter's evidence

    @Test("what the neurons add is listed, and with the bias adds up to the score")
    func evidenceSum() {
        var state = typed("2ab<Esc>")
        var found = report("ab cd")
        let features = found.tokens[0].features
        found.categories = [
            CategoryScore(
                slug: "violence", label: "Violence", score: 0.3297,
                evidence: [.init(feature: features[0], token: 0, contribution: 2.346)],
                opposing: [.init(feature: features[1], token: 1, contribution: -0.4)],
                sum: .init(bias: -3.004, logOdds: -0.7094), isCalibrated: true)
        ]
        _ = Explorer.reduce(&state, .report(found, generation: state.live.generation))
        for key in ["Tab", "Tab", "Tab"] { _ = Explorer.reduce(&state, .input(.key(KeyChord(named: key)!))) }
        #expect(Explorer.frame(of: state).lines[23].contains("Enter evidence"))
        _ = Explorer.reduce(&state, .input(.key("Enter")))
        let text = Explorer.frame(of: state).plainText
        let sum = "bias −3.00, listed +1.95, rest +0.34: log-odds −0.71, score .33"
        #expect(state.choice?.items.allSatisfy { $0.about.first == sum } == true)
        #expect(text.contains("bias −3.00, listed +1.95"), "\(text)")
        let rows = Explorer.frame(of: state).lines.filter { $0.contains("[0]") || $0.contains("[1]") }
        #expect(rows.contains { $0.contains("+2.35 ██████") } && rows.contains { $0.contains("−0.40 █") }, "\(rows)")
        #expect(Explorer.frame(of: state).lines[23].contains("Enter open"))
    }

    // MARK: The strip

    @Test("after a resize the strip shows as much as there is room for, from the token that was at the top")
    func resizing() {
        var state = typed("2ab")
        let words = (0..<400).map { " word\($0)" }.joined()
        _ = Explorer.reduce(&state, .input(.key("Enter")))
        _ = Explorer.reduce(&state, .answer(.prompt(report(words)), generation: 1))
        for index in 0..<200 {
            _ = Explorer.reduce(
                &state, .answer(.token(StubLive.token(" w\(index)", .answer), categories: []), generation: 1))
        }
        _ = Explorer.reduce(&state, .answer(.finished(endOfTurn: true), generation: 1))
        /// The rows inside of the strip's pane.
        func strip() -> [String] {
            let lines = Explorer.frame(of: state).lines
            let top = lines.firstIndex { $0.contains("c: neuron") }!
            return lines[(top + 1)...].prefix { !$0.hasPrefix("└") && !$0.hasPrefix("┗") }.map { $0.trimmingFrame }
        }
        for (width, height) in [(200, 60), (80, 24), (230, 80), (60, 16), (120, 40)] {
            _ = Explorer.reduce(&state, .input(.resize(Size(width: width, height: height))))
            let shown = strip()
            #expect(shown.last?.hasSuffix("w199") == true, "\(width)×\(height)")
            #expect(shown.allSatisfy { !$0.isEmpty }, "\(width)×\(height)")
            #expect(state.live.firstTokenRow == state.live.tokenRows - shown.count, "\(width)×\(height)")
        }
        // Somewhere in the middle the first token on show stays the first.
        for _ in 0..<250 { _ = Explorer.reduce(&state, .input(.key("h"))) }
        let top = strip()[0].split(separator: "·")[0]
        #expect(top.hasPrefix("w"))
        _ = Explorer.reduce(&state, .input(.resize(Size(width: 100, height: 40))))
        #expect(strip()[0].split(separator: "·").contains(top), "\(top) in \(strip()[0])")
    }

    @Test("a prompt of two lines shows both")
    func twoLines() async {
        let frame = await explore("2Tell me about Paris<Alt-Enter>and then more").frame
        #expect(frame.lines[2].contains("Tell me about Paris"))
        #expect(frame.lines[3].contains("and then more"))
    }

    @Test("tokens are numbered from 0 everywhere")
    func numbers() async {
        let result = await explore("2a lock<Esc>h")
        let token = result.state.live.selectedToken!
        #expect(result.frame.plainText.contains("At [\(token)]"))
        #expect(result.frame.lines[23].contains("token [\(token)] of \(result.state.live.sequence.tokens.count)"))
    }

    @Test("pieces of characters can be told apart, and the answer has the characters")
    func pieces() {
        var state = typed("2ab<Enter>")
        _ = Explorer.reduce(&state, .answer(.prompt(report("ab")), generation: 1))
        let bytes = Array("東".utf8)
        for piece in [[bytes[0]], [bytes[1]], [bytes[2]]] {
            var token = StubLive.token("\u{FFFD}", .answer)
            token.bytes = piece
            _ = Explorer.reduce(&state, .answer(.token(token, categories: []), generation: 1))
        }
        let text = Explorer.frame(of: state).plainText
        #expect(text.contains("⟨E6⟩⟨9D⟩⟨B1⟩"))
        #expect(text.contains("“⟨B1⟩”"))
        #expect(state.live.answerText == "東")
        #expect(!text.contains("\u{FFFD}"))
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
        #expect(Explorer.frame(of: state).plainText.contains("1 token · stopped · + goes on"))
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

extension String {
    /// Without the borders of a pane and the blanks at the end.
    fileprivate var trimmingFrame: String {
        String(dropFirst().dropLast()).trimmingCharacters(in: .whitespaces)
    }

    /// Characters before a word in it.
    fileprivate func distance(of word: String) -> Int {
        range(of: word).map { distance(from: startIndex, to: $0.lowerBound) } ?? -1
    }
}

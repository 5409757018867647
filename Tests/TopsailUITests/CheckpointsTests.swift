import TerminalKit
import Testing
import TopsailCore
import TopsailEngine
import TopsailUI

@Suite("Checkpoints: list, fit, comparison") @MainActor struct CheckpointsTests {
    @Test("the SAEs come by name; s sorts by each figure in turn and keeps the selection")
    func sorting() async {
        let names = await explore("4").state.checkpoints.entries?.map(\.name)
        #expect(names == ["topk-k32", "topk-k64", "topk-k128"])
        let byL0 = await explore("4s").state.checkpoints
        #expect(byL0.entries?.map(\.name) == ["topk-k128", "topk-k64", "topk-k32"])
        #expect(byL0.selected?.name == "topk-k32")
        #expect(await explore("4sS").state.checkpoints.entries?.first?.name == "topk-k32")
    }

    @Test("Enter browses the neurons of the SAE")
    func browsing() async {
        let state = await explore("4<Enter>").state
        #expect(state.screen == .browse)
        #expect(state.browse.filterText == "sae:topk-k32")
    }

    @Test("an SAE of another model is refused as soon as it is opened")
    func foreign() async {
        let result = await explore("4o/models/gpt2<Enter>")
        #expect(result.state.checkpoints.selected?.name == "opened")
        #expect(result.state.lastMessage.contains("does not belong to SmolLM2-135M-Instruct: it reads 768 values"))
        #expect(result.frame.plainText.contains("does not belong"))
    }

    @Test("a fit check says what it measured")
    func fit() async {
        let result = await explore("4jc", size: Size(width: 120, height: 40))
        #expect(result.state.jobs.isEmpty)
        #expect(result.frame.plainText.contains("explains .69 of the variance"))
    }

    @Test("an SAE whose files are not here cannot be checked, and says so")
    func missingFiles() async {
        let state = await explore("4Gc").state
        #expect(state.lastMessage == "its files are not here")
        #expect(state.jobs.isEmpty)
    }

    @Test("two marked SAEs are compared; Enter opens a matched neuron, Esc ends it")
    func comparison() async {
        #expect(await explore("4d").state.lastMessage == "mark two SAEs with Space first")
        let compared = await explore("4<Space>d").state
        #expect(compared.checkpoints.comparison?.first == "topk-k32")
        #expect(compared.checkpoints.comparison?.second == "topk-k64")
        #expect(compared.checkpoints.pane == .matches)
        #expect(await explore("4<Space>d<Enter>").state.screen == .browse)
        #expect(await explore("4<Space>d<Esc>").state.checkpoints.comparison == nil)
    }

    @Test("a third mark takes the place of the first")
    func marks() async {
        #expect(await explore("4<Space><Space>G<Space>").state.checkpoints.marks == ["topk-k64", "topk-k128"])
    }

    @Test("densities are shown for catalogued SAEs")
    func densities() async {
        #expect(await explore("4").frame.plainText.contains("7 never fired"))
        #expect(await explore("4G").frame.plainText.contains("The catalog has no"))
    }

    private func plot(_ entries: [CheckpointEntry]) -> String {
        var state = ExplorerState(size: Size(width: 120, height: 40), theme: Themes.dark)
        _ = Explorer.start(&state)
        _ = Explorer.reduce(&state, .input(.key("4")))
        _ = Explorer.reduce(&state, .checkpoints(entries))
        return Explorer.frame(of: state).plainText
    }

    private func entry(_ name: String, layer: Int, l0: Double, variance: Double) -> CheckpointEntry {
        CheckpointEntry(
            name: name, architecture: "topk", hook: HookPoint(.mlpOut, layer: layer), dIn: 576, dSAE: 5760,
            metrics: ["l0": l0, "explained_variance": variance])
    }

    @Test("SAEs of equal sparsity are plotted by layer, others against L0")
    func plots() {
        let layers = [(0, 0.91), (14, 0.6), (29, 0.88)].map {
            entry("l\($0.0)", layer: $0.0, l0: 16 + Double($0.0) / 100, variance: $0.1)
        }
        let byLayer = plot(layers)
        #expect(byLayer.contains("EV by layer, L0 16.3"))
        #expect(byLayer.contains(".91") && byLayer.contains(".60"))
        #expect(plot(layers + [entry("dense", layer: 14, l0: 64, variance: 0.8)]).contains("EV against L0"))
        #expect(plot([layers[0], entry("again", layer: 0, l0: 16, variance: 0.8)]).contains("EV against L0"))
        #expect(plot([]).contains("There are no SAEs"))
    }

    @Test(
        "names that share their start and end show what sets them apart, at every width", arguments: [60, 66, 80, 120])
    func narrowNames(_ width: Int) {
        var state = ExplorerState(size: Size(width: width, height: 16), theme: Themes.dark)
        _ = Explorer.start(&state)
        _ = Explorer.reduce(&state, .input(.key("4")))
        let entries = [0, 14, 22, 29, 7].map {
            entry("smollm2-135m-instruct-mlp_out.\($0)-topk-k16", layer: $0, l0: 16, variance: 0.8)
        }
        _ = Explorer.reduce(&state, .checkpoints(entries))
        let layers = state.checkpoints.entries?.compactMap { $0.hook?.layer }
        #expect(layers == [0, 7, 14, 22, 29])
        let text = Explorer.frame(of: state).plainText
        for layer in [0, 7, 14, 22] {
            #expect(text.contains("…\(layer)…") || text.contains("\(layer)-topk"), "\(layer) at \(width)")
        }
        #expect(text.contains("SAEs 1–4 of 5"))
    }

    @Test("the comparison states what random directions would give")
    func chance() async {
        let narrow = await explore("4<Space>jd").frame.plainText
        #expect(narrow.contains("chance .15") && narrow.contains("chance 50%"))
        let wide = await explore("4<Space>jd", size: Size(width: 200, height: 60)).frame.plainText
        #expect(wide.contains("random directions .15"))
        #expect(wide.contains("of random ones 5%"))
    }
}

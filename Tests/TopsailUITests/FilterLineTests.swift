import Synchronization
import TerminalKit
import Testing
import TopsailUI

@Suite("The filter line: completion and recall") @MainActor struct FilterLineTests {
    @Test(
        "Tab completes fields and their values as far as all completions agree",
        arguments: [
            ("/den<Tab>", "dens"), ("/dens<Tab>", "dens"), ("/sc<Tab>", "score>"), ("/tag:priv<Tab>", "tag:privacy"),
            ("/t:viol<Tab>", "t:violence"), ("/cat:violence.t<Tab>", "cat:violence.threat"),
            ("/sae:to<Tab>", "sae:topk-k32"), ("/layer:<Tab>", "layer:14"), ("/has:n<Tab>", "has:note"),
            ("/rivers has:e<Tab>", "rivers has:explanation"), ("/zebra<Tab>", "zebra"),
        ])
    func completion(_ keys: String, _ text: String) async {
        #expect(await explore(keys).state.browse.filterText == text)
    }

    @Test("Tab completes the word at the cursor, not the last one")
    func inTheMiddle() async {
        let state = await explore("/tag:priv max>5<Ctrl-Left><Ctrl-Left><Left><Tab>").state
        #expect(state.browse.filterText == "tag:privacy max>5")
    }

    @Test("several completions are told, with how many more there are")
    func several() async {
        #expect(await explore("/tag:violence<Tab>").state.lastMessage.contains("tag:violence.weapons"))
        #expect(await explore("/zebra<Tab>").state.lastMessage == "nothing begins with “zebra”")
    }

    @Test("Up recalls filters that were kept, of earlier sessions too, and they filter at once")
    func recall() async {
        let services = ExplorerServices(library: StubLibrary(), live: StubLive(), copy: { _ in "" })
        func play(_ keys: String) async -> ExplorerState {
            let state = ExplorerState(
                size: Size(width: 80, height: 24), theme: Themes.dark, filterHistory: ["older", "rivers"])
            return await ExplorerReplay.run(keys: KeyChord.sequence(keys)!, state: state, services: services).state
        }
        #expect(await play("/<Up>").browse.filterText == "rivers")
        #expect(await play("/<Up>").browse.selected?.label == "names of rivers")
        #expect(await play("/<Up><Up>").browse.filterText == "older")
        #expect(await play("/keys<Enter>/<Up><Up>").browse.filterText == "rivers")
        #expect(await play("/ke<Up><Down>").browse.filterText == "ke")
    }

    @Test("what is kept is saved once, and what cannot be read or was cleared is not")
    func saving() async {
        let saved = Mutex<[[String]]>([])
        let services = ExplorerServices(
            library: StubLibrary(), live: StubLive(), copy: { _ in "" },
            saveFilters: { filters in saved.withLock { $0.append(filters) } })
        let state = ExplorerState(size: Size(width: 80, height: 24), theme: Themes.dark, filterHistory: ["older"])
        let keys = "/rivers<Enter>/<Enter>/mux>4<Enter>/keys<Esc>"
        _ = await ExplorerReplay.run(keys: KeyChord.sequence(keys)!, state: state, services: services)
        #expect(saved.withLock { $0 } == [["older", "rivers"]])
    }
}

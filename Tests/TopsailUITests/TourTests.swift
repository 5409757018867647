import Synchronization
import TerminalKit
import Testing
import TopsailUI

@Suite("The tour") @MainActor struct TourTests {
    @Test("doing what a hint says leads to the next one, through to the prompt")
    func steps() async {
        #expect(await explore("").state.tour == nil)
        for (keys, step) in [
            ("", Tour.Step.neurons), ("jk", .neurons), ("<Enter>", .page), ("<Enter>h/", .filter),
            ("<Enter>h/rivers", .filter), ("<Enter>h/rivers<Enter>", .live), ("<Enter>h/<Enter>2", .prompt),
            ("2", .prompt), ("/", .filter),
        ] {
            #expect(await explore(":tour<Enter>" + keys).state.tour?.step == step, "\(keys)")
        }
        #expect(await explore(":tour<Enter>2a").state.tour == nil)
    }

    @Test("Esc leaves it and does nothing else; elsewhere Esc is what it always is")
    func leaving() async {
        let left = await explore(":tour<Enter><Esc>").state
        #expect(left.tour == nil && left.browse.pane == .table)
        let cleared = await explore(":tour<Enter>/rivers<Enter><Esc>").state
        #expect(cleared.tour != nil && cleared.browse.filterText.isEmpty)
        let live = await explore(":tour<Enter>2<Esc>").state
        #expect(live.tour == nil && live.live.pane == .tokens)
    }

    @Test("keys do what they always do")
    func keysWork() async {
        #expect(await explore(":tour<Enter>q").state.isQuitting)
        #expect(await explore(":tour<Enter>?").state.choice?.purpose == .help)
        #expect(
            await explore(":tour<Enter>tthreat<Enter>").state.browse.detail?.tags.map(\.slug) == ["violence.threat"])
        #expect(await explore(":tour<Enter>4").state.screen == .checkpoints)
    }

    @Test("the hint is there on its own screen, and never over a dialog or an empty table")
    func drawing() async {
        func text(_ keys: String, count: Int = 5760) async -> String {
            await explore(keys, library: StubLibrary(count: count)).frame.plainText
        }
        #expect(await text(":tour<Enter>").contains("Tour 1 of 5"))
        #expect(await text(":tour<Enter>2").contains("Tour 5 of 5"))
        for keys in [":tour<Enter>3", ":tour<Enter>?", ":tour<Enter><Esc>", ""] {
            #expect(!(await text(keys).contains("Tour ")), "\(keys)")
        }
        #expect(!(await text(":tour<Enter>", count: 0).contains("Tour ")))
    }

    @Test("that it began is remembered, whoever began it")
    func remembering() async {
        let times = Mutex(0)
        let services = ExplorerServices(
            library: StubLibrary(), live: StubLive(), copy: { _ in "" }, tourBegan: { times.withLock { $0 += 1 } })
        var state = ExplorerState(size: Size(width: 80, height: 24), theme: Themes.dark)
        _ = await ExplorerReplay.run(keys: KeyChord.sequence("j")!, state: state, services: services)
        #expect(times.withLock { $0 } == 0)
        state.beginTour()
        _ = await ExplorerReplay.run(keys: KeyChord.sequence("j")!, state: state, services: services)
        #expect(times.withLock { $0 } == 1)
    }
}

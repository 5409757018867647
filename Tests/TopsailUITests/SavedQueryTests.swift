import TerminalKit
import Testing
import TopsailCatalog
import TopsailUI

@Suite("Saved filters in Browse") @MainActor struct SavedQueryTests {
    @Test("a filter is kept under a name, with the category that is selected, and run again")
    func saving() async throws {
        let library = StubLibrary()
        let saved = await explore("/rivers max>9<Enter>Wloud<Enter>", library: library).state
        #expect(saved.lastMessage == "saved as loud; u undoes")
        #expect(try await library.savedQueries() == [SavedQuery(name: "loud", text: "rivers max>9")])
        _ = await explore("hj<Enter>jlWarms<Enter>", library: library)
        #expect(try await library.savedQueries().first == SavedQuery(name: "arms", text: "tag:violence.weapons"))
        let run = await explore("Qloud<Enter>", library: library).state
        #expect(run.browse.filterText == "rivers max>9")
        #expect(run.browse.query.filter.words == "rivers" && run.browse.query.scope == .all)
        #expect(run.browse.selected?.label == "names of rivers")
        #expect(run.commands.contains("topsail neurons --query loud"))
    }

    @Test("running one leaves the category, and back leads there again")
    func running() async throws {
        let library = StubLibrary()
        try await library.save(SavedQuery(name: "loud", text: "max>9"))
        let run = await explore("hj<Enter>jlQ<Enter>", library: library).state
        #expect(run.browse.query.scope == .all && run.browse.rows.total ?? 0 > 1)
        let back = await explore("hj<Enter>jlQ<Enter>[", library: library).state
        #expect(back.browse.query.scope == .category("violence.weapons") && back.browse.filterText.isEmpty)
    }

    @Test("Del takes one away and leaves the list open; u brings it back")
    func removing() async throws {
        let library = StubLibrary()
        for name in ["a", "b"] { try await library.save(SavedQuery(name: name, text: "max>5")) }
        let state = await explore("Q<Del>", library: library).state
        #expect(state.choice?.purpose == .queries && state.choice?.items.count == 1)
        #expect(try await library.savedQueries().map(\.name) == ["b"])
        #expect(await explore("Q<Del>", library: library).state.overlay == nil)
        let undone = await explore("u", library: library).state
        #expect(undone.lastMessage == "undid the saved query b")
        #expect(try await library.savedQueries().map(\.name) == ["b"])
    }

    @Test("nothing to save is told, and an empty list says how to begin")
    func nothing() async {
        #expect(await explore("W").state.lastMessage == "there is no filter to save; / types one")
        #expect(await explore("Q").state.choice?.title == "There are no saved filters yet")
        #expect(await explore("/rivers<Enter>Q<Enter>loud<Enter>").state.lastMessage == "saved as loud; u undoes")
        #expect(await explore("/rivers<Enter>W<Enter>").state.overlay == nil)
    }

    @Test("one that cannot be read any more is named, and the table stays")
    func damaged() async throws {
        let library = StubLibrary()
        try await library.save(SavedQuery(name: "old", text: "mux>5"))
        let state = await explore("/rivers<Enter>Q<Enter>", library: library).state
        #expect(state.lastMessage.hasPrefix("old: no field “mux”"))
        #expect(state.browse.filterText == "rivers")
    }
}

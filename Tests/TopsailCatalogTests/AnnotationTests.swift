import Testing
import TopsailCatalog
import TopsailCore

@Suite("A person's annotations") struct AnnotationTests {
    @Test("tags, explanations and notes are set and taken away")
    func setAndTakeAway() throws {
        let catalog = try SampleCatalog().catalog
        #expect(try catalog.addTag("violence.threat", to: .sample(1)))
        #expect(try catalog.setExplanation("threats", of: .sample(1)))
        #expect(try catalog.setNote("look again", of: .sample(1)))
        let detail = try catalog.neuron(.sample(1))
        #expect(detail.row.tags == ["violence.threat"])
        #expect(detail.row.isTaggedByHuman)
        #expect(detail.row.explanation == "threats")
        #expect(detail.row.explanationSource == "human")
        #expect(detail.note == "look again")

        #expect(try catalog.removeTag("violence.threat", from: .sample(1)))
        #expect(try catalog.setExplanation(nil, of: .sample(1)))
        #expect(try catalog.setNote("  \n", of: .sample(1)))
        let empty = try catalog.neuron(.sample(1))
        #expect(empty.row.tags == [] && empty.row.explanation == nil && empty.note == nil && empty.tags == [])
    }

    @Test("what changes nothing is no step")
    func noChange() throws {
        let catalog = try SampleCatalog().catalog
        try catalog.addTag("violence", to: .sample(1))
        #expect(try catalog.addTag("violence", to: .sample(1)) == false)
        #expect(try catalog.removeTag("privacy", from: .sample(1)) == false)
        #expect(try catalog.setNote(nil, of: .sample(1)) == false)
        #expect(try catalog.log().count == 1)
    }

    @Test("filters are kept under names, replaced, removed and brought back")
    func savedQueries() throws {
        let catalog = try SampleCatalog().catalog
        #expect(try catalog.saveQuery(SavedQuery(name: "loud", text: "max>5")))
        #expect(try catalog.saveQuery(SavedQuery(name: "loud", text: "max>5")) == false)
        #expect(try catalog.saveQuery(SavedQuery(name: "loud", text: "max>9 rain")))
        #expect(try catalog.saveQuery(SavedQuery(name: "court", text: "tag:violence court")))
        #expect(try catalog.savedQueries().map(\.name) == ["court", "loud"])
        try catalog.removeQuery(named: "court")
        #expect(reason { try catalog.removeQuery(named: "court") } == .unknownQuery("court", known: ["loud"]))
        try catalog.undo()
        try catalog.undo()
        try catalog.undo()
        #expect(try catalog.savedQueries() == [SavedQuery(name: "loud", text: "max>5")])
        try catalog.redo()
        #expect(try catalog.savedQuery(named: "loud").text == "max>9 rain")
        #expect(reason { try catalog.saveQuery(SavedQuery(name: " ", text: "rain")) } != nil)
        #expect(reason { try catalog.saveQuery(SavedQuery(name: "blank", text: " ")) } != nil)
        #expect(try catalog.check() == [] && catalog.journalDisagreements() == [])
    }

    @Test("undo and redo go step by step, across reopening")
    func undoRedoAcrossReopening() throws {
        let sample = try SampleCatalog()
        try sample.catalog.setExplanation("first", of: .sample(0))
        try sample.catalog.setExplanation("second", of: .sample(0))
        try sample.catalog.addTag("privacy", to: .sample(0))

        let later = try sample.reopened()
        #expect(try later.undo()?.changes.map(\.field) == [.tag])
        #expect(try later.undo()?.changes.first?.before == "first")
        #expect(try later.neuron(.sample(0)).row.explanation == "first")
        #expect(try later.neuron(.sample(0)).row.tags == [])

        let latest = try sample.reopened()
        #expect(try latest.redo()?.state == .done)
        #expect(try latest.neuron(.sample(0)).row.explanation == "second")
        try latest.undo()
        try latest.undo()
        #expect(try latest.neuron(.sample(0)).row.explanation == nil)
        #expect(try latest.undo() == nil)
        try latest.redo()
        try latest.redo()
        try latest.redo()
        #expect(try latest.neuron(.sample(0)).row.explanation == "second")
        #expect(try latest.neuron(.sample(0)).row.tags == ["privacy"])
        #expect(try latest.redo() == nil)
    }

    @Test("a new change abandons what was undone, and the log keeps it")
    func abandoned() throws {
        let catalog = try SampleCatalog().catalog
        try catalog.setNote("one", of: .sample(0))
        try catalog.undo()
        try catalog.setNote("two", of: .sample(0))
        #expect(try catalog.redo() == nil)
        let log = try catalog.log()
        #expect(log.map(\.state) == [.done, .abandoned])
        #expect(log.map { $0.changes[0].after } == ["two", "one"])
        #expect(log.map { $0.changes[0].neuron } == [.sample(0), .sample(0)])
        #expect(try catalog.log(limit: 1).count == 1)
    }

    @Test("several tags on several neurons are one step")
    func oneStep() throws {
        let catalog = try SampleCatalog().catalog
        try catalog.addTags(["violence.threat", "privacy"], to: [.sample(1), .sample(2)])
        #expect(try catalog.log().map(\.changes.count) == [4])
        try catalog.undo()
        #expect(try catalog.count(matching: NeuronFilter(category: .mine)) == 0)
    }

    @Test(
        "one unknown slug stops the whole step and suggests a known one",
        arguments: ["violence.thread", "threat", "thraet"])
    func unknownSlug(slug: String) throws {
        let catalog = try SampleCatalog().catalog
        let found = reason { try catalog.addTags(["privacy", slug], to: [.sample(1)]) }
        #expect(found == .unknownCategory(slug, nearest: ["violence.threat"]))
        #expect(try catalog.neuron(.sample(1)).row.tags == [])
        #expect(try catalog.log() == [])
    }

    @Test("rejecting a derived tag can be undone, and adding it makes it the person's own")
    func rejection() throws {
        let catalog = try SampleCatalog().catalog
        try catalog.replaceDerived(sae: SampleCatalog.sae) { writer in
            try writer.add([DerivedNeuron(index: 0, tags: [DerivedTag(slug: "violence.threat", source: .contrast)])])
        }
        try catalog.removeTag("violence.threat", from: .sample(0))
        #expect(try catalog.categories()["violence"]?.total == 0)
        #expect(try catalog.neurons(matching: NeuronFilter(category: .untagged)).map(\.index) == [0])
        try catalog.undo()
        #expect(try catalog.categories()["violence"]?.total == 1)
        try catalog.addTag("violence.threat", to: .sample(0))
        #expect(try catalog.neuron(.sample(0)).tags.map(\.sources) == [[.human, .contrast]])
    }

    @Test("scores of a person's words go when the words do")
    func scoresOfHumanWords() throws {
        let catalog = try SampleCatalog().catalog
        try catalog.setExplanation("storms", of: .sample(0))
        try catalog.updateDerived(sae: SampleCatalog.sae) { writer in
            try writer.addScores([0: ExplanationScore(scorer: "simulation", value: 0.9)], forSource: "human")
        }
        #expect(try catalog.neuron(.sample(0)).row.correlationScore == 0.9)
        try catalog.setExplanation("rain", of: .sample(0))
        #expect(try catalog.neuron(.sample(0)).row.correlationScore == nil)
    }

    @Test("a deleted list comes back with its members")
    func lists() throws {
        let catalog = try SampleCatalog().catalog
        try catalog.createList("odd", description: "strange ones")
        try catalog.add([.sample(3), .sample(1)], toList: "odd")
        try catalog.remove([.sample(1)], fromList: "odd")
        var filter = NeuronFilter()
        filter.list = "odd"
        #expect(try catalog.neurons(matching: filter).map(\.index) == [3])
        #expect(reason { try catalog.createList("odd") } == .listExists("odd"))
        #expect(reason { try catalog.add([.sample(1)], toList: "even") } == .unknownList("even", known: ["odd"]))
        #expect(throws: CatalogError.self) { try catalog.createList(" \n") }

        try catalog.deleteList("odd")
        #expect(try catalog.lists() == [])
        #expect(throws: CatalogError.self) { try catalog.count(matching: filter) }
        try catalog.undo()
        #expect(try catalog.lists().map(\.description) == ["strange ones"])
        #expect(try catalog.neuron(.sample(3)).lists == ["odd"])
        try catalog.redo()
        #expect(try catalog.lists() == [])
    }

    @Test("texts are stored as they are, escape sequences and all")
    func hostileText() throws {
        let catalog = try SampleCatalog().catalog
        let text = "\u{1B}[31mred\u{1B}]0;title\u{07}\r\n\u{202E}reversed ' \" ; DROP TABLE neuron; -- 名前 e\u{301}"
        try catalog.setExplanation(text, of: .sample(0))
        try catalog.setNote(text, of: .sample(0))
        let detail = try catalog.neuron(.sample(0))
        #expect(detail.row.explanation.map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
        #expect(detail.note.map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
        try catalog.setNote("before\0after", of: .sample(0))
        #expect(try catalog.neuron(.sample(0)).note == "before␀after")
    }
}

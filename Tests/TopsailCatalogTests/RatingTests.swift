import Testing
import TopsailCatalog
import TopsailCore

@Suite("Ratings and own categories") struct RatingTests {
    @Test("a rating is set, changed, undone, redone and counted")
    func rating() throws {
        let catalog = try SampleCatalog().catalog
        #expect(try catalog.setRating(4, of: .sample(1)))
        #expect(try catalog.setRating(4, of: .sample(1)) == false)
        #expect(try catalog.setRating(2, of: .sample(1)))
        #expect(try catalog.neuron(.sample(1)).rating == 2)
        #expect(try catalog.neuron(.sample(2)).rating == nil)
        #expect(try catalog.summary().annotations == 1)
        #expect(try catalog.summary().neurons == 1)
        let change = try #require(try catalog.undo()?.changes.first)
        #expect(change.field == .rating && change.before == "4" && change.after == "2")
        #expect(try catalog.neuron(.sample(1)).rating == 4)
        try catalog.undo()
        #expect(try catalog.neuron(.sample(1)).rating == nil)
        try catalog.redo()
        #expect(try catalog.setRating(nil, of: .sample(1)))
        #expect(try catalog.summary().annotations == 0)
        #expect(try catalog.check() == [])
    }

    @Test("ratings go from 1 to 5", arguments: [0, 6, -1, Int.max])
    func outOfRange(stars: Int) throws {
        let catalog = try SampleCatalog().catalog
        #expect(throws: CatalogError.self) { try catalog.setRating(stars, of: .sample(1)) }
        #expect(try catalog.log() == [])
    }

    @Test("a person's category is added, used, and removed when no neuron has it")
    func ownCategory() throws {
        let catalog = try SampleCatalog().catalog
        let romance = OwnCategory(
            slug: "violence.duel", label: "Duels", parent: "violence", description: "With seconds.")
        try catalog.addCategory(romance)
        try catalog.addCategory(OwnCategory(slug: "fraud", label: "Fraud"))
        try catalog.addCategory(OwnCategory(slug: "fraud.romance", label: "Romance scams", parent: "fraud"))
        #expect(try catalog.ownCategories().map(\.slug) == ["violence.duel", "fraud", "fraud.romance"])
        #expect(try catalog.ownCategories()[0] == romance)
        try catalog.addTag("violence.duel", to: .sample(3))
        #expect(try catalog.categories()["violence"]?.total == 1)
        #expect(
            reason { try catalog.removeCategory("violence.duel") }
                == .categoryInUse("violence.duel", by: "a neuron is tagged with it"))
        #expect(
            reason { try catalog.removeCategory("fraud") } == .categoryInUse("fraud", by: "a concept stands under it"))
        #expect(reason { try catalog.removeCategory("violence") } == .categoryNotOwn("violence"))
        #expect(reason { try catalog.addCategory(romance) } == .categoryExists("violence.duel"))
        try catalog.removeTag("violence.duel", from: .sample(3))
        try catalog.removeCategory("violence.duel")
        #expect(try catalog.categories()["violence.duel"] == nil)
        for _ in 0..<2 { try catalog.undo() }
        #expect(try catalog.categories()["violence"]?.total == 1)
        #expect(try catalog.neuron(.sample(3)).row.tags == ["violence.duel"])
        #expect(try catalog.log().first { $0.changes[0].field == .category }?.changes[0].before == "Duels")
        #expect(try catalog.check() == [])
    }

    @Test("installing a taxonomy leaves a person's categories, and never makes a third level")
    func surviveInstall() throws {
        let catalog = try SampleCatalog().catalog
        try catalog.addCategory(OwnCategory(slug: "privacy.mail", label: "Mail", parent: "privacy"))
        try catalog.addCategory(OwnCategory(slug: "own", label: "Own"))
        try catalog.addCategory(OwnCategory(slug: "own.below", label: "Below", parent: "own"))
        try catalog.addTag("privacy.mail", to: .sample(0))
        var taxonomy = try SampleCatalog.taxonomy()
        taxonomy.domains.removeAll { $0.id == "privacy" }
        taxonomy.domains[0].concepts[1].id = "own"
        try catalog.install(taxonomy)
        #expect(try catalog.ownCategories().map(\.slug) == ["privacy.mail", "own.below"])
        // The domain stays as long as something stands under it.
        #expect(try catalog.categories()["privacy.mail"]?.parent == "privacy")
        #expect(try catalog.categories()["own"]?.parent == "violence")
        #expect(try catalog.categories()["own.below"]?.parent == "violence")
        #expect(try catalog.check() == [])
    }

    @Test("slugs, labels and levels are checked", arguments: ["", "Big", "with space", "\u{1B}[31m", "ä"])
    func badSlugs(slug: String) throws {
        let catalog = try SampleCatalog().catalog
        #expect(throws: CatalogError.self) { try catalog.addCategory(OwnCategory(slug: slug, label: "L")) }
        #expect(throws: CatalogError.self) { try catalog.addCategory(OwnCategory(slug: "fine", label: " \n")) }
        let deep = OwnCategory(slug: "violence.threat.deep", label: "Deep", parent: "violence.threat")
        let found = #expect(throws: CatalogError.self) { try catalog.addCategory(deep) }
        #expect(found?.description.contains("two levels") == true)
        let lost = OwnCategory(slug: "a.b", label: "L", parent: "violense")
        #expect(reason { try catalog.addCategory(lost) } == .unknownCategory("violense", nearest: ["violence"]))
        #expect(try catalog.log() == [])
    }
}

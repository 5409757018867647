import Testing
import TopsailCatalog
import TopsailCore

@Suite("Paging and search at scale") struct PagerTests {
    /// 12,000 neurons with many equal and missing figures; every second one is about rain, every third about ships.
    static func sample() throws -> SampleCatalog {
        let sample = try SampleCatalog(width: 12000)
        try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { writer in
            try writer.add(
                (0..<12000).map { index in
                    let words = [
                        index % 2 == 0 ? "rain" : "snow", index % 3 == 0 ? "ships" : "carts", "number \(index)",
                    ]
                    let score = ExplanationScore(scorer: "simulation", value: Double(index % 7) / 7)
                    return DerivedNeuron(
                        index: index,
                        statistics: NeuronStatistics(
                            density: index % 5 == 0 ? nil : Double(index * 7919 % 100) / 100,
                            maxActivation: Float(index % 11)),
                        explanations: [
                            NeuronExplanation(
                                source: "tokens", text: words.joined(separator: " "),
                                scores: index % 4 == 0 ? [] : [score])
                        ],
                        tags: index % 6 == 0 ? [DerivedTag(slug: "violence.threat", source: .contrast, score: 1)] : [])
                })
        }
        return sample
    }

    private static let filters = [
        NeuronFilter(), NeuronFilter(sae: SampleCatalog.sae), NeuronFilter(category: .slug("violence")),
        NeuronFilter(category: .untagged), NeuronFilter(search: "rain"), NeuronFilter(search: "ships rain"),
    ]

    @Test("a pager finds at any offset what the whole list has there")
    func pagesAnywhere() throws {
        let catalog = try Self.sample().catalog
        var random = SeededGenerator(seed: 5)
        for filter in Self.filters {
            for key in NeuronSort.Key.allCases {
                for ascending in [true, false] {
                    let sort = NeuronSort(key, ascending: ascending)
                    let whole = try catalog.neurons(matching: filter, sort: sort)
                    let pager = NeuronPager(catalog, matching: filter, sort: sort)
                    #expect(try pager.count() == whole.count)
                    for _ in 0..<12 {
                        let offset = Int.random(in: 0...whole.count, using: &random)
                        let page = try pager.rows(from: offset, limit: 20)
                        #expect(page == Array(whole.dropFirst(offset).prefix(20)), "\(filter) \(sort) at \(offset)")
                    }
                }
            }
        }
    }

    @Test("after a change a pager starts anew")
    func changes() throws {
        let sample = try Self.sample()
        let filter = NeuronFilter(category: .slug("privacy"))
        let pager = NeuronPager(sample.catalog, matching: filter, sort: NeuronSort(.score))
        #expect(try pager.rows(from: 0, limit: 5).isEmpty)
        let before = try sample.catalog.version()
        try sample.reopened().addTag("privacy.doxxing", to: .sample(8))
        #expect(try pager.rows(from: 0, limit: 5).map(\.index) == [8])
        #expect(try pager.count() == 1)
        #expect(try sample.catalog.version() != before)
    }

    @Test("however much is found, the same rows come in the same order")
    func regimes() throws {
        let catalog = try Self.sample().catalog
        for category in [CategorySelection.all, .slug("violence"), .untagged] {
            let filter = NeuronFilter(category: category, search: "rain")
            for key in [NeuronSort.Key.score, .density, .max] {
                let expected = try catalog.neurons(matching: filter, sort: NeuronSort(key), limit: 40)
                #expect(expected.count == (category == .untagged || category == .all || expected.count > 0 ? 40 : 0))
                for regime in Catalog.SearchRegime.allCases {
                    let rows = try catalog.neurons(
                        matching: filter, sort: NeuronSort(key), limit: 40, searchedAs: regime)
                    #expect(rows == expected, "\(filter) \(key) \(regime)")
                }
            }
        }
    }

    @Test("relevance puts rarer and denser matches first, and what is written before contexts")
    func relevance() throws {
        let sample = try SampleCatalog()
        let document = try sample.catalog.addTexts(
            [TextDocument(tokens: ["the", " harbour", " at", " night"])], toCorpus: "texts")[0]
        func neuron(_ index: Int, _ text: String, inContext: Bool = false) -> DerivedNeuron {
            DerivedNeuron(
                index: index,
                contexts: inContext ? [NeuronContext(documentID: document, start: 0, activations: [0, 2, 0, 0])] : [],
                explanations: [NeuronExplanation(source: "tokens", text: text)])
        }
        try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { writer in
            try writer.add([
                neuron(1, "a ship, a crew, a storm and at last, after many days, a harbour"), neuron(2, "harbour"),
                neuron(3, "something else", inContext: true), neuron(4, "nothing"),
            ])
        }
        let found = try sample.catalog.neurons(
            matching: NeuronFilter(search: "harbour"), sort: NeuronSort(.relevance))
        #expect(found.map(\.index) == [2, 1, 3])
        #expect(try sample.catalog.count(matching: NeuronFilter(search: "harbour")) == 3)
    }

    @Test(
        "lists are read off an index: nothing is sorted and no table is walked",
        arguments: [NeuronSort.Key.score, .density, .max])
    func plans(key: NeuronSort.Key) throws {
        let catalog = try Self.sample().catalog
        for filter in Self.filters.prefix(4) {
            let plan = try catalog.queryPlan(matching: filter, sort: NeuronSort(key))
            #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(filter): \(plan)")
            #expect(plan.allSatisfy { !$0.hasPrefix("SCAN") || $0.contains("INDEX") }, "\(filter): \(plan)")
        }
        let all = try catalog.queryPlan(matching: NeuronFilter(category: .untagged), sort: NeuronSort(key))
        #expect(all.contains { $0.contains("COVERING INDEX") }, "\(all)")
    }
}

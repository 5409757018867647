import Testing
import TopsailCatalog
import TopsailCore

@Suite("Paging and search at scale") struct PagerTests {
    /// 12,000 neurons, or fewer, with many equal and missing figures; every second one is about rain, every third about ships.
    static func sample(width: Int = 12_000) throws -> SampleCatalog {
        let sample = try SampleCatalog(width: width)
        try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { writer in
            try writer.add(
                (0..<width).map { index in
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

    @Test(
        "from an order in memory come the same pages as from the file, also after changes",
        arguments: NeuronSort.Key.allCases)
    func memory(key: NeuronSort.Key) throws {
        let sample = try Self.sample(width: 2500)
        let catalog = sample.catalog
        var random = SeededGenerator(seed: 8)
        var dense = NeuronFilter(), unexplained = NeuronFilter(category: .untagged, sae: SampleCatalog.sae)
        dense.density = 0.1...0.9
        dense.hasNote = false
        unexplained.minimumScore = 0.2
        for filter in Self.filters + [dense, unexplained, NeuronFilter(taggedBy: .contrast)] {
            for ascending in [true, false] {
                let sort = NeuronSort(key, ascending: ascending)
                let pager = NeuronPager(catalog, matching: filter, sort: sort)
                try pager.prepare()
                func compare(_ when: String) throws {
                    let whole = try catalog.neurons(matching: filter, sort: sort)
                    #expect(try pager.count() == whole.count, "\(filter) \(sort) \(when)")
                    for _ in 0..<4 {
                        let offset = Int.random(in: min(1001, whole.count)...whole.count, using: &random)
                        let page = try pager.rows(from: offset, limit: 20)
                        let expected = Array(whole.dropFirst(offset).prefix(20))
                        #expect(page == expected, "\(filter) \(sort) at \(offset) \(when)")
                    }
                }
                try compare("at first")
                // A tag leaves the neuron where it is in the order, an explanation takes its score away.
                try catalog.addTag("privacy.doxxing", to: .sample(Int.random(in: 0..<2500, using: &random)))
                try catalog.setExplanation("rain", of: .sample(Int.random(in: 0..<2500, using: &random)))
                try catalog.setNote("look", of: .sample(Int.random(in: 0..<2500, using: &random)))
                try compare("after changes")
                try catalog.undo()
                try catalog.undo()
                try compare("after undoing")
                try sample.reopened().addTag("violence", to: .sample(Int.random(in: 0..<2500, using: &random)))
                try compare("after another program's change")
            }
        }
    }

    @Test("a neuron of which nothing was known finds its place in an order in memory")
    func newRow() throws {
        let sample = try SampleCatalog(width: 4000)
        try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { writer in
            try writer.add((0..<3000).map { DerivedNeuron(index: $0, statistics: NeuronStatistics(density: 0.5)) })
        }
        let pagers = [NeuronSort.Key.density, .score, .id].map {
            NeuronPager(sample.catalog, matching: NeuronFilter(), sort: NeuronSort($0))
        }
        for pager in pagers { try pager.prepare() }
        try sample.catalog.addTag("violence", to: .sample(3500))
        for pager in pagers {
            #expect(try pager.count() == 3001)
            #expect(try pager.rows(from: 2999, limit: 5).map(\.index) == [2999, 3500])
            #expect(try pager.offset(of: .sample(2), limit: 10) == 2)
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
        for filter in [NeuronFilter(search: "harbour"), NeuronFilter(category: .untagged, search: "harbour")] {
            let pages = try (0..<4).map { offset in
                try sample.catalog.neurons(
                    matching: filter, sort: NeuronSort(.relevance), limit: 1, offset: offset
                ).map(\.index)
            }
            #expect(pages == [[2], [1], [3], []])
        }
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

    @Test(
        "the neurons of a large SAE are read off the order of all", arguments: [NeuronSort.Key.score, .density, .max])
    func planOfLargeSAE(key: NeuronSort.Key) throws {
        let sample = try SampleCatalog(width: 12_000)
        try sample.catalog.register(SampleCatalog.record(name: "other", layer: 3, width: 8))
        try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { writer in
            try writer.add(
                (0..<12_000).map { DerivedNeuron(index: $0, statistics: NeuronStatistics(density: Double($0 % 977))) })
        }
        let filter = NeuronFilter(sae: SampleCatalog.sae)
        let plan = try sample.catalog.queryPlan(matching: filter, sort: NeuronSort(key))
        #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
        let first = try sample.catalog.neurons(matching: filter, sort: NeuronSort(.density), limit: 3).map(\.index)
        #expect(first == [976, 1953, 2930])
    }
}

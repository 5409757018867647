import Testing
import TopsailCatalog
import TopsailCore

@Suite("The order of evidence") struct EvidenceOrderTests {
    /// Neuron, then tags with the share of pairs; scores fall with the index.
    private static let tags: [(Int, [(String, Double?)])] = [
        (1, [("violence.threat", 0.4)]), (2, [("privacy", 0.9)]), (4, [("violence.threat", 0.8), ("privacy", 0.1)]),
        (5, [("violence.injury", 0.6)]), (6, [("violence", nil)]),
    ]

    private func sample() throws -> Catalog {
        let sample = try SampleCatalog(width: 10)
        let neurons = (0..<10).map { index in
            DerivedNeuron(
                index: index, statistics: NeuronStatistics(density: 0.1, maxActivation: 1),
                explanations: [
                    NeuronExplanation(
                        source: "tokens", text: "thing \(index)",
                        scores: [ExplanationScore(scorer: "simulation", value: 0.9 - Double(index) / 20)])
                ],
                tags: (Self.tags.first { $0.0 == index }?.1 ?? []).map {
                    DerivedTag(slug: $0.0, source: .contrast, score: $0.1, pairs: 24)
                })
        }
        try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { try $0.add(neurons) }
        return sample.catalog
    }

    private func order(
        _ catalog: Catalog, _ category: CategorySelection = .all, search: String? = nil, ascending: Bool = false
    ) throws -> [Int] {
        let filter = NeuronFilter(category: category, search: search)
        let sort = NeuronSort(.evidence, ascending: ascending)
        let rows = try catalog.neurons(matching: filter, sort: sort).map(\.index)
        let pager = NeuronPager(catalog, matching: filter, sort: sort)
        #expect(try pager.count() == rows.count)
        #expect(try pager.rows(from: 0, limit: 4).map(\.index) + pager.rows(from: 4, limit: 99).map(\.index) == rows)
        return rows
    }

    @Test("the largest share of pairs first, in a category that of its own tags, then by score")
    func orders() throws {
        let catalog = try sample()
        #expect(try order(catalog) == [2, 4, 5, 1, 0, 3, 6, 7, 8, 9])
        #expect(try order(catalog, .slug("violence")) == [4, 5, 1, 6])
        #expect(try order(catalog, .slug("privacy")) == [2, 4])
        #expect(try order(catalog, .slug("violence"), ascending: true) == [1, 5, 4, 6])
        #expect(try order(catalog, .untagged) == [0, 3, 7, 8, 9])
        #expect(try order(catalog, search: "thing 5") == [5])
    }

    @Test("what a person tagged comes first, and what a person took off does not count")
    func people() throws {
        let catalog = try sample()
        try catalog.addTags(["violence.threat"], to: [.sample(9)])
        try catalog.removeTags(["violence.threat"], from: [.sample(4)])
        #expect(try order(catalog, .slug("violence")) == [9, 5, 1, 6])
        #expect(try order(catalog).prefix(3) == [9, 2, 5])
        _ = try catalog.undo()
        #expect(try order(catalog, .slug("violence")) == [9, 4, 5, 1, 6])
    }

    @Test("a list of more than a hundred thousand neurons is ordered by score, and says so; a category of it is not")
    func long() throws {
        let sample = try SampleCatalog(width: 100_001)
        try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { writer in
            try writer.add(
                (0..<100_001).map { index in
                    DerivedNeuron(
                        index: index, statistics: NeuronStatistics(density: 0.1, maxActivation: 1),
                        tags: index == 5 ? [DerivedTag(slug: "violence", source: .contrast, score: 0.5, pairs: 24)] : []
                    )
                })
        }
        func pager(_ filter: NeuronFilter) -> NeuronPager {
            NeuronPager(sample.catalog, matching: filter, sort: NeuronSort(.evidence))
        }
        #expect(try pager(NeuronFilter()).order() == .score)
        #expect(try pager(NeuronFilter(category: .slug("violence"))).order() == .evidence)
        #expect(try NeuronPager(sample.catalog, matching: NeuronFilter(), sort: NeuronSort(.max)).order() == .max)
    }

    @Test("an order that is in memory for its figures does not stand in for it")
    func memory() throws {
        let catalog = try sample()
        let pager = NeuronPager(catalog, matching: NeuronFilter(), sort: NeuronSort(.evidence))
        try pager.prepare()
        _ = try pager.count()
        #expect(try pager.rows(from: 0, limit: 3).map(\.index) == [2, 4, 5])
        #expect(try pager.rows(from: 8, limit: 3).map(\.index) == [8, 9])
        #expect(try pager.offset(of: .sample(1), limit: 10) == 3)
    }
}

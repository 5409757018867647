import Foundation
import Testing
import TopsailCatalog
import TopsailCore

@Suite("Queries") struct QueryTests {
    /// Three SAEs with random figures, about a third of them missing.
    static func sample() throws -> SampleCatalog {
        let sample = try SampleCatalog(width: 60)
        try sample.catalog.register(SampleCatalog.record(name: "early", layer: 3, width: 60, isDefault: true))
        try sample.catalog.register(SampleCatalog.record(name: "another-14", layer: 14, width: 60))
        var random = SeededGenerator(seed: 5)
        let slugs = ["violence", "violence.threat", "violence.injury", "privacy", "privacy.doxxing"]
        for sae in [SampleCatalog.sae, "early", "another-14"] {
            let neurons = (0..<60).map { index -> DerivedNeuron in
                func maybe<T>(_ value: T) -> T? { Int.random(in: 0..<3, using: &random) == 0 ? nil : value }
                let score = maybe(Double(Int.random(in: -5...9, using: &random)) / 10)
                let statistics = NeuronStatistics(
                    density: maybe(Double(Int.random(in: 0...9, using: &random)) / 100),
                    maxActivation: maybe(Float(Int.random(in: 1...20, using: &random)) / 2))
                let explanation = NeuronExplanation(
                    source: "tokens", text: "about \(index % 7) things",
                    scores: score.map { [ExplanationScore(scorer: "segment", value: $0)] } ?? [])
                let tags = slugs.filter { _ in Int.random(in: 0..<6, using: &random) == 0 }
                return DerivedNeuron(
                    index: index, statistics: statistics, explanations: maybe([explanation]) ?? [],
                    tags: tags.map { DerivedTag(slug: $0, source: Bool.random(using: &random) ? .contrast : .imported) }
                )
            }
            try sample.catalog.replaceDerived(sae: sae) { try $0.add(neurons) }
        }
        try sample.catalog.addTags(["violence.threat"], to: [.sample(7), .named(sae: "early", index: 8)])
        return sample
    }

    static let filters: [NeuronFilter] = {
        var ranges = NeuronFilter()
        ranges.density = 0.02...0.06
        ranges.maxActivation = 2...8
        var scored = NeuronFilter(category: .slug("violence"))
        scored.minimumScore = 0.1
        var explained = NeuronFilter(layer: 14)
        explained.hasExplanation = false
        return [
            NeuronFilter(), NeuronFilter(category: .slug("violence")), NeuronFilter(category: .slug("privacy.doxxing")),
            NeuronFilter(category: .untagged), NeuronFilter(category: .mine), NeuronFilter(sae: "early"),
            NeuronFilter(layer: 14), NeuronFilter(layer: 99), NeuronFilter(search: "about 3"),
            NeuronFilter(category: .slug("violence"), layer: 14, search: "things", taggedBy: .contrast),
            NeuronFilter(taggedBy: .human), NeuronFilter(taggedBy: .imported), ranges, scored, explained,
            NeuronFilter(category: .slug("violence.threat"), taggedBy: .human),
            NeuronFilter(category: .mine, taggedBy: .contrast),
        ]
    }()

    /// The filter once more, in plain Swift.
    static func matches(_ detail: NeuronDetail, _ filter: NeuronFilter) -> Bool {
        let row = detail.row
        let counted = detail.tags.filter { !$0.isRejected }
        var considered = counted
        switch filter.category {
        case .all: break
        case .slug(let slug):
            considered = counted.filter { $0.slug == slug || $0.slug.hasPrefix(slug + ".") }
            if considered.isEmpty { return false }
        case .untagged: if !counted.isEmpty { return false }
        case .mine: if !counted.contains(where: \.isHuman) { return false }
        }
        if let source = filter.taggedBy, !considered.contains(where: { $0.sources.contains(source) }) { return false }
        if let sae = filter.sae, row.sae != sae { return false }
        if let layer = filter.layer, row.layer != layer { return false }
        if let range = filter.density, !(row.density.map(range.contains) ?? false) { return false }
        if let range = filter.maxActivation, !(row.max.map(range.contains) ?? false) { return false }
        if let least = filter.minimumScore, !(row.correlationScore.map { $0 >= least } ?? false) { return false }
        if let has = filter.hasExplanation, (row.explanation != nil) != has { return false }
        if let search = filter.search {
            let words = Set((row.explanation ?? "").split(separator: " "))
            return search.split(separator: " ").allSatisfy { wanted in words.contains { $0.hasPrefix(wanted) } }
        }
        return true
    }

    static func value(_ row: NeuronRow, _ key: NeuronSort.Key) -> Double? {
        switch key {
        case .score: row.correlationScore
        case .density: row.density
        case .max: row.max.map(Double.init)
        case .id, .relevance, .evidence: nil
        }
    }

    @Test("every filter keeps what it says, in every order, page by page")
    func filtersAndOrders() throws {
        let catalog = try Self.sample().catalog
        let all = try catalog.neurons(sort: NeuronSort(.id))
        let details = try all.map { try catalog.neuron($0.id) }
        #expect(all.count == 180)
        for filter in Self.filters {
            let expected = Set(details.filter { Self.matches($0, filter) }.map(\.id))
            #expect(try catalog.count(matching: filter) == expected.count, "\(filter)")
            for key in NeuronSort.Key.allCases {
                for ascending in [true, false] {
                    let sort = NeuronSort(key, ascending: ascending)
                    let whole = try catalog.neurons(matching: filter, sort: sort)
                    #expect(Set(whole.map(\.id)) == expected, "\(filter) \(sort)")
                    #expect(whole.count == expected.count)
                    let pages = try stride(from: 0, to: whole.count + 7, by: 7).flatMap {
                        try catalog.neurons(matching: filter, sort: sort, limit: 7, offset: $0)
                    }
                    #expect(pages == whole, "\(filter) \(sort)")
                    if ![.id, .relevance, .evidence].contains(key) {
                        Self.checkOrder(whole.map { Self.value($0, key) }, ascending, "\(filter) \(sort)")
                    }
                }
            }
        }
    }

    static func checkOrder(_ values: [Double?], _ ascending: Bool, _ what: String) {
        let known = values.prefix { $0 != nil }.compactMap { $0 }
        #expect(values.dropFirst(known.count).allSatisfy { $0 == nil }, "unknown values last: \(what)")
        #expect(known == (ascending ? known.sorted() : known.sorted(by: >)), "\(what)")
    }

    @Test("by id means by layer, then SAE, then index")
    func idOrder() throws {
        let catalog = try Self.sample().catalog
        let rows = try catalog.neurons(sort: NeuronSort(.id))
        #expect(rows.first?.id == .layered(layer: 3, index: 0))
        #expect(
            rows.map(\.sae).reduce(into: []) { if $0.last != $1 { $0.append($1) } } == [
                "early", "another-14", "tiny-14",
            ])
        #expect(try catalog.neurons(sort: NeuronSort(.id, ascending: false)) == rows.reversed())
        #expect(
            try catalog.neurons(sort: NeuronSort(.id), limit: 3, offset: 119).map(\.id.description)
                == ["another-14/59", "14_0", "14_1"])
        #expect(try catalog.neurons(sort: NeuronSort(.id), limit: 5, offset: 1000) == [])
        #expect(try catalog.neurons(sort: NeuronSort(.id), limit: 0) == [])
    }

    @Test("counts of categories agree with the neurons in them")
    func categoryCounts() throws {
        let catalog = try Self.sample().catalog
        for sae in [nil, "early"] {
            let tree = try catalog.categories(sae: sae)
            #expect(
                tree.flattened.map(\.slug)
                    == ["violence", "violence.threat", "violence.injury", "privacy", "privacy.doxxing"])
            for category in tree.flattened {
                let rows = try catalog.neurons(matching: NeuronFilter(category: .slug(category.slug), sae: sae))
                #expect(category.total == rows.count)
                #expect(category.direct == rows.count { $0.tags.contains(category.slug) })
            }
            #expect(try tree.untagged == catalog.count(matching: NeuronFilter(category: .untagged, sae: sae)))
            #expect(try tree.mine == catalog.count(matching: NeuronFilter(category: .mine, sae: sae)))
            #expect(tree.neurons == (sae == nil ? 180 : 60))
        }
    }

    @Test(
        "pages of a figure are read off an index, not sorted", arguments: [NeuronSort.Key.score, .density, .max],
        [true, false])
    func noSorting(key: NeuronSort.Key, ascending: Bool) throws {
        let catalog = try Self.sample().catalog
        let filters = [
            NeuronFilter(), NeuronFilter(category: .slug("violence")), NeuronFilter(category: .untagged),
            NeuronFilter(category: .slug("violence"), taggedBy: .contrast),
        ]
        for filter in filters {
            let plan = try catalog.queryPlan(matching: filter, sort: NeuronSort(key, ascending: ascending))
            #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
            #expect(plan.contains { $0.contains("INDEX") }, "\(plan)")
        }
    }

    @Test("names that are not there are refused with those that are")
    func unknownNames() throws {
        let catalog = try Self.sample().catalog
        #expect(
            reason { _ = try catalog.neurons(matching: NeuronFilter(sae: "late")) }
                == .unknownSAE("late", known: ["early", "another-14", "tiny-14"]))
        #expect(
            reason { _ = try catalog.neurons(matching: NeuronFilter(category: .slug("violense"))) }
                == .unknownCategory("violense", nearest: ["violence"]))
        #expect(
            reason { _ = try catalog.neuron(.layered(layer: 9, index: 0)) }
                == .unknownNeuron("9_0", exists: "the default SAE set reads layers 3, 14"))
        #expect(
            reason { _ = try catalog.neuronID("14_60") } == .unknownNeuron("14_60", exists: "tiny-14 has 0 … 59"))
        #expect(reason { _ = try catalog.neuronID("x") } == .badNeuronName("x"))
        #expect(reason { _ = try catalog.neuronID("14_99999999999999") } != nil)
        #expect(try catalog.neuronID("tiny-14/7") == .sample(7))
    }

    @Test("a neuron of two models' default sets is called by its SAE")
    func twoModels() throws {
        let catalog = try Self.sample().catalog
        var other = SampleCatalog.record(name: "foreign", layer: 14, width: 8, isDefault: true)
        other.model = "another model"
        try catalog.register(other)
        #expect(
            reason { _ = try catalog.neuronID("14_2") }
                == .ambiguousNeuron("14_2", candidates: ["foreign/2", "tiny-14/2"]))
        #expect(try catalog.neuronID("tiny-14/2") == .named(sae: "tiny-14", index: 2))
        #expect(try catalog.neuronID("3_2") == .layered(layer: 3, index: 2))
    }

    @Test("the live table agrees with the neurons one by one")
    func liveTable() throws {
        let catalog = try Self.sample().catalog
        try catalog.setExplanation(String(repeating: "long words ", count: 30) + "\nsecond line", of: .sample(0))
        let table = try catalog.liveTable(sae: SampleCatalog.sae)
        let labels = try catalog.labels(sae: SampleCatalog.sae, indices: 0..<1000)
        #expect(table.count == 60)
        for index in 0..<60 {
            let detail = try catalog.neuron(.sample(index))
            #expect(table.tags[index] == detail.row.tags)
            #expect(table.maxActivation[index] == detail.row.max ?? 0)
            #expect(table.normaliser[index] == detail.statistics.normaliser ?? 0)
            #expect((table.labels[index] == nil) == (detail.row.explanation == nil))
            #expect(labels[index]?.label == table.labels[index])
            #expect(labels[index]?.tags == table.tags[index])
        }
        #expect(labels.count == 60)
        let long = try #require(table.labels[0])
        #expect(long.hasSuffix("words…") || long.hasSuffix("long…"))
        #expect(long.count <= 80)
    }

    @Test("a neuron's normaliser is its quantile, or its maximum when it is rare")
    func normaliser() {
        #expect(NeuronStatistics(maxActivation: 4, q999: 2).normaliser == 2)
        #expect(NeuronStatistics(maxActivation: 4, q999: 0).normaliser == 4)
        #expect(NeuronStatistics(maxActivation: 4).normaliser == 4)
        #expect(NeuronStatistics(maxActivation: 0, q999: 0).normaliser == nil)
    }
}

import Foundation
import Testing
import TopsailCatalog
import TopsailCore

@Suite("Imports that are large beside the catalog") struct LargeImportTests {
    /// More neurons than the indexes of figures are kept up with row by row.
    private static let neurons = 21_000

    private static let lines: String = (0..<neurons).map { (index: Int) -> String in
        let tags = index % 10 == 0 ? #""violence.threat""# : ""
        return
            #"{"sae":"tiny-14","index":\#(index),"explanation":"word\#(index % 50) rain","score":0.\#(index % 997),"tags":[\#(tags)]}"#
    }.joined(separator: "\n")

    private func indexes(of catalog: Catalog) throws -> [Int?] {
        try ["count(*)", "sum(length(sql))"].map {
            try catalog.integer(sql: "SELECT \($0) FROM sqlite_master WHERE type = 'index'")
        }
    }

    @Test("have every index afterwards, and lists in order")
    func whole() throws {
        let place = try InterchangeFolder(width: Self.neurons)
        let before = try indexes(of: place.catalog)
        #expect(try place.bring(.jsonl, Self.lines).neurons == Self.neurons)
        #expect(try indexes(of: place.catalog) == before)
        let rows = try place.rows()
        try place.bring(.jsonl, Self.lines)
        #expect(try place.rows() == rows && indexes(of: place.catalog) == before)
        let plan = try place.catalog.queryPlan(matching: NeuronFilter(), sort: NeuronSort(.score))
        #expect(plan.allSatisfy { $0.contains("neuron_by_score") }, "\(plan)")
        let best = try place.catalog.neurons(matching: NeuronFilter(), sort: NeuronSort(.score), limit: 3)
        #expect(best.map(\.correlationScore) == [0.996, 0.996, 0.996])
        #expect(try place.catalog.count(matching: NeuronFilter(category: .slug("violence"))) == Self.neurons / 10)
        // What a common word finds, read off the order by looking at texts.
        let rain = try place.catalog.neurons(
            matching: NeuronFilter(search: "rain"), sort: NeuronSort(.score), limit: 100)
        let all = try place.catalog.neurons(matching: NeuronFilter(), sort: NeuronSort(.score), limit: 100)
        #expect(rain == all)
        #expect(try place.catalog.count(matching: NeuronFilter(search: "word7 rain")) == Self.neurons / 50)
        #expect(try place.catalog.check() == [])
    }

    @Test("that end in an error take no index away")
    func failing() throws {
        let place = try InterchangeFolder(width: Self.neurons)
        let before = try indexes(of: place.catalog)
        let rows = try place.rows()
        #expect(try place.failure(.jsonl, Data((Self.lines + "\n{").utf8))?.contains("line 21001") == true)
        #expect(try indexes(of: place.catalog) == before && place.rows() == rows)
        #expect(try place.catalog.check() == [])
    }
}

import Foundation
import TopsailCatalog
import TopsailCore

/// How long a catalog of a million neurons takes for what a person does: open it, turn pages, search, tag.
///
/// Beside it stand the same questions put to the tables that a script would make, by Python's sqlite3
/// (`Tests/Reference/sqlite_peer.py`), where there is a Python.
struct CatalogBenchmark {
    let neurons: Int
    let withContexts: Int
    let taxonomy: Taxonomy

    func run(_ report: (String) -> Void) throws {
        let clock = ContinuousClock()
        var synthetic: SyntheticCatalog?
        let writing = try clock.measure {
            synthetic = try SyntheticCatalog(neurons: neurons, withContexts: withContexts, taxonomy: taxonomy)
        }
        guard let synthetic else { return }
        let summary = try synthetic.catalog.summary()
        report(
            String(
                format: "catalog   %d neurons, %d with contexts, written in %.0f s, %.0f bytes a neuron",
                summary.neurons, withContexts, writing.milliseconds / 1000, Double(summary.bytes) / Double(neurons)))
        for measurement in try measure(synthetic) { report(measurement.report) }
    }

    private func measure(_ synthetic: SyntheticCatalog) throws -> [Measurement] {
        let catalog = synthetic.catalog
        let path = catalog.path
        let page = (milliseconds: 16.0, reason: "a frame")
        var results = [
            try Measurement.of("open, first page", bound: (50, "its budget")) {
                sink(try Catalog(path: path, mode: .readWrite).neurons(limit: 50))
            }
        ]
        let domain = taxonomy.domains[0].id
        let lists: [(String, NeuronFilter, NeuronSort.Key)] = [
            ("all by score", NeuronFilter(), .score), ("all by density", NeuronFilter(), .density),
            ("all by name", NeuronFilter(), .id),
            ("one SAE by score", NeuronFilter(sae: SyntheticCatalog.name(of: 2)), .score),
            ("category by score", NeuronFilter(category: .slug(domain)), .score),
            ("untagged by score", NeuronFilter(category: .untagged), .score),
            ("a common word by score", NeuronFilter(search: SyntheticCatalog.word(3)), .score),
        ]
        for (name, filter, key) in lists {
            let total = try catalog.count(matching: filter)
            var random = SeededGenerator(seed: 11)
            let pager = NeuronPager(catalog, matching: filter, sort: NeuronSort(key))
            results.append(
                try Measurement.of("page of 50, \(name), of \(total)", count: 200, warmUp: 3, bound: page) {
                    sink(try pager.rows(from: random.below(max(total - 50, 1)), limit: 50))
                })
        }
        results += try searches(catalog)
        results.append(try tagging(synthetic, bound: page))
        return results
    }

    /// Words of every frequency, the first page by relevance.
    private func searches(_ catalog: Catalog) throws -> [Measurement] {
        try [0, 3, 30, 300, 3000, 19_000].map { rank in
            let filter = NeuronFilter(search: SyntheticCatalog.word(rank))
            let found = try catalog.count(matching: filter)
            return try Measurement.of("text query, \(found) found", bound: (30, "its budget")) {
                sink(try catalog.neurons(matching: filter, sort: NeuronSort(.relevance), limit: 50))
            }
        }
    }

    /// A tag set and the row read back.
    private func tagging(_ synthetic: SyntheticCatalog, bound: (Double, String)) throws -> Measurement {
        let catalog = synthetic.catalog
        var random = SeededGenerator(seed: 3)
        let slug = taxonomy.domains[1].concepts[0].id
        return try Measurement.of("a tag written and read back", count: 100, bound: bound) {
            let id = NeuronID.named(
                sae: SyntheticCatalog.name(of: random.below(SyntheticCatalog.saes)),
                index: random.below(synthetic.neurons / SyntheticCatalog.saes))
            try catalog.addTag(slug, to: id)
            sink(try catalog.neuron(id).row)
        }
    }
}

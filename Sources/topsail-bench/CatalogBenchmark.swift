import Foundation
import TopsailCatalog
import TopsailCore

/// How long a catalog of a million neurons takes for what a person does: import it, open it, turn pages, search, tag.
///
/// Beside it stand the same questions put to the tables that a script would make, by Python's sqlite3
/// (`Tests/Reference/sqlite_peer.py`), in turns, where `$TOPSAIL_BENCH_PYTHON` names a Python.
struct CatalogBenchmark {
    let neurons: Int
    let withContexts: Int
    let taxonomy: Taxonomy

    private static let frame = (milliseconds: 16.0, reason: "a frame")
    private static let pages = 200

    func run(_ report: (String) -> Void) throws {
        let synthetic = try SyntheticCatalog(neurons: neurons, withContexts: withContexts, taxonomy: taxonomy)
        report("catalog   \(neurons) neurons, \(withContexts) with contexts")
        try measureImport(synthetic, report)
        let peer = SQLitePeer(lines: synthetic.lines, database: synthetic.lines + ".peer")
        report(peer.map(\.description) ?? "peer      none: TOPSAIL_BENCH_PYTHON names no Python")
        func tell(_ measurement: Measurement, _ others: [Double]) {
            var line = measurement.report
            if !others.isEmpty {
                let other = Measurement(name: "", samples: others)
                line += String(
                    format: "   sqlite3 %.3f, 95 %% below %.3f: %.2fx", other.median, other.quantile(0.95),
                    other.median / measurement.median)
            }
            report(line)
        }
        try measureOpening(synthetic, peer, tell)
        try measurePages(synthetic, peer, tell)
        try measureSearches(synthetic.catalog, peer, tell)
        try measureTags(synthetic, peer, tell)
    }

    /// Our time and the peer's, one after the other.
    private func inTurns(
        _ name: String, count: Int, bound: (milliseconds: Double, reason: String)?, _ peer: SQLitePeer?,
        _ request: (Int) -> String, warmUp: Int = 2, _ body: (Int) throws -> Void
    ) rethrows -> (Measurement, [Double]) {
        var own: [Double] = [], others: [Double] = []
        let clock = ContinuousClock()
        for number in -warmUp..<count {
            let time = try clock.measure { try body(number) }.milliseconds
            let other = peer?.run(request(number))
            guard number >= 0 else { continue }
            own.append(time)
            if let other { others.append(other) }
        }
        return (Measurement(name: name, samples: own, bound: bound), others)
    }

    // MARK: Writing

    private func measureImport(_ synthetic: SyntheticCatalog, _ report: (String) -> Void) throws {
        let catalog = synthetic.catalog
        let clock = ContinuousClock()
        let before = ProcessUse.now
        let time = try clock.measure { _ = try catalog.importFile(.jsonl, at: synthetic.lines) }
        let use = ProcessUse.now
        let plain = try catalog.summary().bytes
        report(
            String(
                format:
                    "import    JSON Lines in %.1f s (%.1f s of processor, %.1f of it in the system), %.0f MB resident "
                    + "at most, %.0f bytes a neuron", time.milliseconds / 1000, use.seconds - before.seconds,
                use.system - before.system, use.peakMegabytes, Double(plain) / Double(neurons)))
        let adding = try clock.measure { try synthetic.addContexts() }
        let full = try catalog.summary().bytes
        report(
            String(
                format: "contexts  %d neurons in %.1f s, %.0f bytes of contexts each; %.0f bytes a neuron with them",
                withContexts, adding.milliseconds / 1000, Double(full - plain) / Double(max(withContexts, 1)),
                Double(full) / Double(neurons)))
    }

    // MARK: Reading

    private typealias Tell = (Measurement, [Double]) -> Void

    private func measureOpening(_ synthetic: SyntheticCatalog, _ peer: SQLitePeer?, _ tell: Tell) throws {
        let path = synthetic.catalog.path
        let (measurement, others) = try inTurns(
            "open, first page", count: 15, bound: (50, "its budget"), peer, { _ in "open" }
        ) { _ in
            sink(try Catalog(path: path, mode: .readWrite).neurons(limit: 50))
        }
        tell(measurement, others)
    }

    /// A list as we and the peer name it.
    private struct List {
        let name: String
        let filter: NeuronFilter
        let sort: NeuronSort.Key
        let request: String
    }

    private var lists: [List] {
        let sae = SyntheticCatalog.name(of: 2), domain = taxonomy.domains[0].id, word = SyntheticCatalog.word(3)
        return [
            List(name: "all by score", filter: NeuronFilter(), sort: .score, request: "page score"),
            List(name: "all by density", filter: NeuronFilter(), sort: .density, request: "page density"),
            List(name: "all by name", filter: NeuronFilter(), sort: .id, request: "page name"),
            List(name: "one SAE by score", filter: NeuronFilter(sae: sae), sort: .score, request: "page sae \(sae)"),
            List(
                name: "category by score", filter: NeuronFilter(category: .slug(domain)), sort: .score,
                request: "page category \(domain)"),
            List(
                name: "untagged by score", filter: NeuronFilter(category: .untagged), sort: .score,
                request: "page untagged"),
            List(
                name: "a common word by score", filter: NeuronFilter(search: word), sort: .score,
                request: "page word \(word)"),
        ]
    }

    private func measurePages(_ synthetic: SyntheticCatalog, _ peer: SQLitePeer?, _ tell: Tell) throws {
        // As the explorer has it: a list is looked at, and then somebody goes far down in it.
        let catalog = synthetic.catalog
        for list in lists {
            let total = try catalog.count(matching: list.filter)
            let (top, peers) = try inTurns(
                "first page, \(list.name)", count: 15, bound: Self.frame, peer,
                { $0 < 5 ? "\(list.request) 0" : "nothing" }
            ) { _ in
                sink(
                    try NeuronPager(catalog, matching: list.filter, sort: NeuronSort(list.sort)).rows(
                        from: 0, limit: 50))
            }
            tell(top, Array(peers.prefix(5)))
            var random = SeededGenerator(seed: 11)
            let pager = NeuronPager(catalog, matching: list.filter, sort: NeuronSort(list.sort))
            let places = (0..<Self.pages).map { _ in random.below(max(total - 50, 1)) }
            let first = ContinuousClock().measure { sink(try? pager.rows(from: places[0], limit: 50)) }
            tell(Measurement(name: "first page far down, \(list.name)", samples: [first.milliseconds]), [])
            Thread.sleep(forTimeInterval: 2)
            var turned = places.makeIterator()
            let measurement = try Measurement.of(
                "page of 50, \(list.name), of \(total)", count: Self.pages, warmUp: 0, bound: Self.frame
            ) {
                sink(try pager.rows(from: turned.next()!, limit: 50))
            }
            // The peer takes seconds for some; it is asked less often.
            tell(measurement, (0..<20).compactMap { peer?.run("\(list.request) \(places[$0])") })
            try measureAfterChange(list, pager, places, tell, catalog)
        }
    }

    /// A page far down right after somebody tagged a neuron.
    private func measureAfterChange(
        _ list: List, _ pager: NeuronPager, _ places: [Int], _ tell: Tell, _ catalog: Catalog
    ) throws {
        let slug = taxonomy.domains[1].concepts[1].id
        var times: [Double] = []
        for number in 0..<100 {
            try catalog.addTag(slug, to: .named(sae: SyntheticCatalog.name(of: 1), index: number * 7))
            times.append(
                try ContinuousClock().measure { sink(try pager.rows(from: places[number], limit: 50)) }.milliseconds)
            try catalog.undo()
        }
        tell(Measurement(name: "the same, each after a change", samples: times, bound: Self.frame), [])
    }

    /// Words of every frequency, the first page by relevance.
    private func measureSearches(_ catalog: Catalog, _ peer: SQLitePeer?, _ tell: Tell) throws {
        var words = [0, 3, 30, 300, 3000, 19_000].map(SyntheticCatalog.word)
        // What somebody has typed of a word.
        words += ["w", "w1", "w1a", "w1ax"]
        for word in words {
            let filter = NeuronFilter(search: word)
            let found = try catalog.count(matching: filter)
            let (measurement, others) = try inTurns(
                "text query “\(word)”, \(found) found", count: 15, bound: (30, "its budget"), peer,
                { $0 < 8 ? "search \(word)" : "nothing" }
            ) { _ in
                sink(try catalog.neurons(matching: filter, sort: NeuronSort(.relevance), limit: 50))
            }
            tell(measurement, others)
        }
    }

    // MARK: Tagging

    /// A tag set and the row read back.
    private func measureTags(_ synthetic: SyntheticCatalog, _ peer: SQLitePeer?, _ tell: Tell) throws {
        let catalog = synthetic.catalog
        var random = SeededGenerator(seed: 3)
        let slug = taxonomy.domains[1].concepts[0].id
        let neurons = (0..<1000).map { _ in
            (sae: random.below(SyntheticCatalog.saes), index: random.below(synthetic.neurons / SyntheticCatalog.saes))
        }
        let (measurement, others) = try inTurns(
            "a tag written and read back", count: neurons.count, bound: Self.frame, peer,
            { number in
                let neuron = neurons[max(number, 0)]
                return "tag \(SyntheticCatalog.name(of: neuron.sae)) \(neuron.index) \(slug)"
            }
        ) { number in
            let neuron = neurons[max(number, 0)]
            let id = NeuronID.named(sae: SyntheticCatalog.name(of: neuron.sae), index: neuron.index)
            try catalog.addTag(slug, to: id)
            sink(try catalog.neuron(id).row)
        }
        tell(measurement, others)
    }
}

/// What this process took from the machine so far.
struct ProcessUse {
    let seconds: Double
    let system: Double
    let peakMegabytes: Double

    static var now: ProcessUse {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return ProcessUse(
            seconds: seconds(usage.ru_utime) + seconds(usage.ru_stime), system: seconds(usage.ru_stime),
            peakMegabytes: Double(usage.ru_maxrss) / 1024)
    }
}

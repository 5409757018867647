import GRDB

/// All neurons in the order of one figure, or by id, in memory: 17 bytes each.
///
/// A page anywhere is a slice of it, and a list with conditions is what is left of it, a few milliseconds for a million
/// neurons, where SQLite would count rows off an index.
struct NeuronOrder: Sendable {
    let key: NeuronSort.Key
    /// By falling figure, then by id; those without a figure last. By id alone where that is the order.
    private(set) var ids: [Int64] = []
    /// Figures of the first ids; the rest have none.
    private(set) var figures: [Double] = []
    /// Who tagged each: `NeuronTag.Source`'s bits.
    private(set) var tags: [UInt8] = []

    /// Reads the order off its index.
    init(_ db: Database, by key: NeuronSort.Key) throws {
        self.key = key
        let count = try Int.fetchOne(db, sql: "SELECT sum(neuron_count) FROM sae") ?? 0
        ids.reserveCapacity(count)
        tags.reserveCapacity(count)
        let order = Self.column(of: key).map { "\($0) DESC, id" } ?? "id"
        let rows = try Row.fetchCursor(db, sql: "\(Self.selection(key)) ORDER BY \(order)")
        while let row = try rows.next() {
            ids.append(row[0])
            tags.append(row[1])
            if let figure: Double = row[2] { figures.append(figure) }
        }
    }

    private static func column(of key: NeuronSort.Key) -> String? {
        switch key {
        case .score, .relevance, .evidence: "correlation_score"
        case .density: "density"
        case .max: "max_activation"
        case .id: nil
        }
    }

    private static func selection(_ key: NeuronSort.Key) -> String {
        "SELECT id, tag_sources, \(column(of: key) ?? "NULL") FROM neuron"
    }

    // MARK: After a change

    /// Takes note of what became of a few neurons.
    mutating func refresh(_ db: Database, _ changed: some Sequence<Int64>) throws {
        for id in changed {
            let row = try Row.fetchOne(
                db.cachedStatement(sql: "\(Self.selection(key)) WHERE id = ?"), arguments: [id])
            let figure: Double? = row?[2]
            // Most changes are tags, and leave the neuron where it was.
            if let row, let place = place(of: id, figure), place < ids.count, ids[place] == id {
                tags[place] = row[1]
                continue
            }
            if let old = ids.firstIndex(of: id) {
                ids.remove(at: old)
                tags.remove(at: old)
                if old < figures.count { figures.remove(at: old) }
            }
            guard let row, let place = place(of: id, figure) else { continue }
            ids.insert(id, at: place)
            tags.insert(row[1], at: place)
            if let figure { figures.insert(figure, at: place) }
        }
    }

    /// Where a neuron of that figure stands, or would.
    private func place(of id: Int64, _ figure: Double?) -> Int? {
        if let figure {
            return Self.first(in: 0..<figures.count) { place in
                figures[place] < figure || (figures[place] == figure && ids[place] >= id)
            }
        }
        return Self.first(in: figures.count..<ids.count) { ids[$0] >= id }
    }

    /// The first place of a range from which on something holds, or the range's end.
    private static func first(in range: Range<Int>, where holds: (Int) -> Bool) -> Int {
        var low = range.lowerBound, high = range.upperBound
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    // MARK: Lists

    /// Stretches of the order in which a list runs through it, each forwards or backwards.
    ///
    /// - Parameter saes: Row ids of SAEs in the order of names; used by name only.
    private func stretches(ascending: Bool, _ saes: [Int64]) -> [Range<Int>] {
        guard key == .id else {
            let known = 0..<figures.count, unknown = figures.count..<ids.count
            return [known, unknown]
        }
        return (ascending ? saes : saes.reversed()).map { sae in
            let range = NeuronKey.range(ofSAE: sae)
            return Self.first(in: ids.indices) {
                ids[$0] >= range.lowerBound
            }..<Self.first(in: ids.indices) {
                ids[$0] > range.upperBound
            }
        }
    }

    /// Whether a list runs backwards through the order.
    private func isBackwards(ascending: Bool) -> Bool { key == .id ? !ascending : ascending }

    /// A page of the list of all neurons.
    func page(from offset: Int, limit: Int, ascending: Bool, saes: [Int64]) -> [Int64] {
        var page: [Int64] = []
        var skipped = offset
        for stretch in stretches(ascending: ascending, saes) where page.count < limit {
            if skipped >= stretch.count {
                skipped -= stretch.count
                continue
            }
            let count = min(limit - page.count, stretch.count - skipped)
            if isBackwards(ascending: ascending) {
                let end = stretch.upperBound - skipped
                page += ids[end - count..<end].reversed()
            } else {
                let start = stretch.lowerBound + skipped
                page += ids[start..<start + count]
            }
            skipped = 0
        }
        return page
    }

    /// The whole list of the neurons that match.
    func list(of members: NeuronMembers, ascending: Bool, saes: [Int64]) -> [Int64] {
        let isBackwards = isBackwards(ascending: ascending)
        return [Int64](unsafeUninitializedCapacity: ids.count) { list, count in
            for stretch in stretches(ascending: ascending, saes) {
                let start = count
                // Written first and then kept or not: members come as by chance, and a branch would be guessed wrongly.
                for place in stretch {
                    list.initializeElement(at: count, to: ids[place])
                    count += members.contains(ids[place], tags: tags[place]) ? 1 : 0
                }
                if isBackwards { list[start..<count].reverse() }
            }
        }
    }
}

import GRDB
import Synchronization
import TopsailCore

/// Where a list stands in the order of a figure: a row's figure and its id.
struct ListPlace: Sendable, Hashable {
    let figure: Double?
    let id: Int64
}

/// Reads pages of one list, anywhere in it, going on from places it has seen (keyset paging).
///
/// The first page somewhere far down is counted off an index once; pages near a place that was seen before are read off
/// from there. Every page is of the catalog as it is at that moment: after a change, places are forgotten.
public final class NeuronPager: Sendable {
    private let catalog: Catalog
    private let filter: NeuronFilter
    private let sort: NeuronSort
    private let seen = Mutex(Seen())

    private struct Seen {
        /// The catalog's version that the rest belongs to.
        var version: Int64?
        var total: Int?
        /// The row before each offset.
        var places: [Int: ListPlace] = [:]
        /// Row ids of the whole list, once somebody went far down in one that an index cannot count off.
        var whole: [Int64]?

        mutating func renew(_ version: Int64) {
            if self.version != version { self = Seen(version: version) }
        }
    }

    /// How far a page is read from a place in one go.
    private static let reach = 1000
    /// Places kept at most.
    private static let capacity = 4096

    public init(_ catalog: Catalog, matching filter: NeuronFilter, sort: NeuronSort) {
        self.catalog = catalog
        self.filter = filter
        self.sort = sort
    }

    /// Neurons in the list.
    public func count() throws(CatalogError) -> Int {
        try catalog.read { db in
            let version = try Catalog.version(db)
            if let total = seen.withLock({ $0.version == version ? $0.total : nil }) { return total }
            let total = try NeuronQuery(db, filter, SAEDirectory(db)).count(db)
            seen.withLock {
                $0.renew(version)
                $0.total = total
            }
            return total
        }
    }

    /// The rows from `offset` on, fewer at the end of the list; at most a million.
    public func rows(from offset: Int, limit: Int) throws(CatalogError) -> [NeuronRow] {
        let limit = min(limit, 1_000_000)
        return try catalog.read { db in
            let directory = try SAEDirectory(db)
            if let keys = try known(db, from: offset, limit: limit) {
                return try NeuronRows(db: db, directory: directory).fetch(keys)
            }
            let query = try NeuronQuery(db, filter, directory)
            let matches = try query.search?.matches(db, depth: offset + limit)
            let keys =
                sort.key != .id && query.isWalkable(matches)
                ? try walk(db, query, matches, from: max(offset, 0), limit: limit)
                : try query.page(db, sort: sort, limit: limit, offset: offset)
            return try NeuronRows(db: db, directory: directory).fetch(keys)
        }
    }

    /// The rows of a list that is known as a whole.
    private func known(_ db: Database, from offset: Int, limit: Int) throws -> [NeuronKey]? {
        let version = try Catalog.version(db)
        return seen.withLock { seen in
            seen.renew(version)
            return seen.whole.map { $0.dropFirst(max(offset, 0)).prefix(limit).map(NeuronKey.init(rowID:)) }
        }
    }

    private func walk(
        _ db: Database, _ query: NeuronQuery, _ matches: NeuronSearch.Matches?, from offset: Int, limit: Int
    ) throws -> [NeuronKey] {
        let version = try Catalog.version(db)
        let start = seen.withLock { seen -> (offset: Int, place: ListPlace)? in
            seen.renew(version)
            for near in stride(from: offset, through: max(0, offset - Self.reach), by: -1) {
                if let place = seen.places[near] { return (near, place) }
            }
            return nil
        }
        if let start {
            let skipped = offset - start.offset
            let places = try query.places(db, sort: sort, after: start.place, limit: skipped + limit, matches)
            remember(places, from: start.offset, version)
            return places.dropFirst(skipped).map { NeuronKey(rowID: $0.id) }
        }
        if offset <= Self.reach {
            let places = try query.places(db, sort: sort, after: nil, limit: offset + limit, matches)
            remember(places, from: 0, version)
            return places.dropFirst(offset).map { NeuronKey(rowID: $0.id) }
        }
        if !query.isWholeIndex {
            let whole =
                matches == nil
                ? try query.page(db, sort: sort, limit: .max, offset: 0).map(\.rowID)
                : try query.places(db, sort: sort, after: nil, limit: .max, matches).map(\.id)
            seen.withLock { if $0.version == version { $0.whole = whole } }
            return whole.dropFirst(offset).prefix(limit).map(NeuronKey.init(rowID:))
        }
        // Somewhat higher, so that turning pages upwards starts from a known place as well.
        let higher = offset - Self.reach / 2
        let first = try query.page(db, sort: sort, limit: 1, offset: higher - 1).first
        guard let first, let place = try query.place(db, sort: sort, of: first) else { return [] }
        remember(place, at: higher, version)
        let places = try query.places(db, sort: sort, after: place, limit: offset - higher + limit, matches)
        remember(places, from: higher, version)
        return places.dropFirst(offset - higher).map { NeuronKey(rowID: $0.id) }
    }

    private func remember(_ places: [ListPlace], from offset: Int, _ version: Int64) {
        guard let last = places.last else { return }
        remember(last, at: offset + places.count, version)
    }

    private func remember(_ place: ListPlace, at offset: Int, _ version: Int64) {
        seen.withLock { seen in
            guard seen.version == version else { return }
            if seen.places.count >= Self.capacity { seen.places.removeAll() }
            seen.places[offset] = place
        }
    }
}

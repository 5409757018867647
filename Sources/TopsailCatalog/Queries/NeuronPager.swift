import Dispatch
import GRDB
import Synchronization
import TopsailCore

/// Where a list stands in the order of a figure: a row's figure and its id.
struct ListPlace: Sendable, Hashable {
    let figure: Double?
    let id: Int64
}

/// Reads pages of one list, anywhere in it.
///
/// Pages near the start, or near one that was seen before, are read off an index from there (keyset paging). In a large
/// catalog the whole order is read into memory meanwhile (`NeuronOrders`), and pages elsewhere come from there. Every page
/// is of the catalog as it is at that moment.
public final class NeuronPager: Sendable {
    private let catalog: Catalog
    private let filter: NeuronFilter
    private let sort: NeuronSort
    private let seen = Mutex(Seen())
    private let found = Mutex<Found?>(nil)

    private struct Seen {
        /// The catalog's version that the rest belongs to.
        var version: Int64?
        var total: Int?
        /// The row before each offset.
        var places: [Int: ListPlace] = [:]
        /// Row ids of the whole list, once somebody went far down in it.
        var whole: [Int64]?

        mutating func renew(_ version: Int64) {
            if self.version != version { self = Seen(version: version) }
        }
    }

    /// What the list's words find, as a set.
    private struct Found {
        var version: Int64
        var set: NeuronSet
    }

    /// How far a page is read from a place in one go.
    private static let reach = 1000
    /// Places kept at most.
    private static let capacity = 4096
    /// Catalogs of fewer neurons are counted off in no time.
    private static let large = 50_000

    public init(_ catalog: Catalog, matching filter: NeuronFilter, sort: NeuronSort) {
        self.catalog = catalog
        self.filter = filter
        self.sort = sort
    }

    // MARK: What callers want

    /// Neurons in the list.
    public func count() throws(CatalogError) -> Int {
        try catalog.read { db in
            let version = try Catalog.version(db)
            let known = seen.withLock { $0.version == version ? $0.total ?? $0.whole?.count : nil }
            if let known { return known }
            let query = try NeuronQuery(db, filter, SAEDirectory(db))
            let total =
                if query.search == nil, !query.isWholeIndex, let list = try listFromMemory(db, query) {
                    list.count
                } else {
                    try query.count(db)
                }
            seen.withLock {
                $0.renew(version)
                $0.total = total
            }
            return total
        }
    }

    /// The rows from `offset` on, fewer at the end of the list; at most a million.
    public func rows(from offset: Int, limit: Int) throws(CatalogError) -> [NeuronRow] {
        let offset = max(offset, 0), limit = min(limit, 1_000_000)
        return try catalog.read { db in
            let directory = try SAEDirectory(db)
            let keys = try ids(db, directory, from: offset, limit: limit).map(NeuronKey.init(rowID:))
            return try NeuronRows(db: db, directory: directory).fetch(keys)
        }
    }

    /// What the list is really ordered by: a long one is ordered by score where evidence was asked for.
    public func order() throws(CatalogError) -> NeuronSort.Key {
        guard sort.key == .evidence else { return sort.key }
        return try catalog.read { db in
            try NeuronQuery(db, filter, SAEDirectory(db)).isByEvidence(sort) ? .evidence : .score
        }
    }

    /// Where in the list a neuron stands, if that is easy to tell: within the first `limit` rows, or anywhere in a list that
    /// is known as a whole.
    public func offset(of neuron: NeuronID, limit: Int) throws(CatalogError) -> Int? {
        try catalog.read { db in
            let directory = try SAEDirectory(db)
            guard let row = try? directory.key(of: neuron).rowID else { return nil }
            let first = try ids(db, directory, from: 0, limit: limit)
            return (seen.withLock(\.whole) ?? first).firstIndex(of: row)
        }
    }

    /// Reads what makes every page quick into memory, unless it is there. Pages do so beside themselves.
    package func prepare() throws(CatalogError) {
        try catalog.read { db in
            let version = try Catalog.version(db)
            let key = orderKey
            if try catalog.orders.order(db, by: key, version: version) == nil {
                try catalog.orders.read(db, by: key)
            }
            let query = try NeuronQuery(db, filter, SAEDirectory(db))
            if !query.isEverything { _ = try listFromMemory(db, query) }
        }
    }

    private var orderKey: NeuronSort.Key {
        switch sort.key {
        case .relevance, .evidence: .score
        default: sort.key
        }
    }

    // MARK: Ways to a page

    private func ids(_ db: Database, _ directory: SAEDirectory, from offset: Int, limit: Int) throws -> [Int64] {
        let version = try Catalog.version(db)
        let whole = seen.withLock { seen in
            seen.renew(version)
            return seen.whole
        }
        if let whole { return Array(whole.dropFirst(offset).prefix(limit)) }
        let query = try NeuronQuery(db, filter, directory)
        if query.isByEvidence(sort) {
            let list = try query.page(db, sort: sort, limit: .max, offset: 0).map(\.rowID)
            return Array(keep(list, version).dropFirst(offset).prefix(limit))
        }
        let isFar = offset > Self.reach
        if isFar, let page = try pageFromMemory(db, query, from: offset, limit: limit) { return page }
        if query.isInMemory, isFar || !catalog.orders.has(orderKey) { prepareInBackground(directory) }
        let matches = try query.search?.matches(db, depth: offset + limit)
        if sort.key == .id || !query.isWalkable(matches) {
            guard isFar, !query.isEverything else {
                return try query.page(db, sort: sort, limit: limit, offset: offset).map(\.rowID)
            }
            let list = try query.page(db, sort: sort, limit: .max, offset: 0).map(\.rowID)
            return keep(list, version).dropFirst(offset).prefix(limit).map { $0 }
        }
        return try walk(db, query, matches, from: offset, limit: limit, version)
    }

    /// A page of a list that memory knows the order of; `nil` where it does not.
    private func pageFromMemory(
        _ db: Database, _ query: NeuronQuery, from offset: Int, limit: Int
    ) throws -> [Int64]? {
        guard query.isEverything else {
            return try listFromMemory(db, query).map { Array($0.dropFirst(offset).prefix(limit)) }
        }
        let version = try Catalog.version(db)
        guard let order = try catalog.orders.order(db, by: orderKey, version: version) else { return nil }
        return order.page(from: offset, limit: limit, ascending: sort.ascending, saes: query.saes.map(\.id))
    }

    /// The whole list, out of the order in memory; `nil` where that is not there or has not what the list is sorted by.
    private func listFromMemory(_ db: Database, _ query: NeuronQuery) throws -> [Int64]? {
        let version = try Catalog.version(db)
        guard query.isInMemory, !query.isByEvidence(sort),
            let order = try catalog.orders.order(db, by: orderKey, version: version)
        else {
            return nil
        }
        var members = try query.members(db)
        if let search = query.search {
            if sort.key == .relevance, try search.matches(db, depth: 0).areFew { return nil }
            members.sets.append(try found(db, search, version))
        }
        return keep(order.list(of: members, ascending: sort.ascending, saes: query.saes.map(\.id)), version)
    }

    @discardableResult
    private func keep(_ list: [Int64], _ version: Int64) -> [Int64] {
        seen.withLock { seen in
            seen.renew(version)
            seen.whole = list
        }
        return list
    }

    /// What the words find: what they found before, and the neurons that changed since asked again.
    private func found(_ db: Database, _ search: NeuronSearch, _ version: Int64) throws -> NeuronSet {
        if var old = found.withLock({ $0 }), let changed = catalog.orders.changes(since: old.version, until: version) {
            let finds = try search.found(among: Array(changed), db)
            for id in changed {
                if finds.contains(id) { old.set.insert(id) } else { old.set.remove(id) }
            }
            old.version = version
            found.withLock { $0 = old }
            return old.set
        }
        let new = Found(version: version, set: NeuronSet(try search.ids(db, limit: .max)))
        found.withLock { $0 = new }
        return new.set
    }

    /// Has the order read beside what callers wait for: when a large list is first looked at, and when somebody is far down
    /// in it after a change that memory could not follow.
    private func prepareInBackground(_ directory: SAEDirectory) {
        guard directory.entries.reduce(0, { $0 + $1.record.neuronCount }) >= Self.large else { return }
        DispatchQueue.global(qos: .utility).async { [weak self] in try? self?.prepare() }
    }

    // MARK: Along an index

    private func walk(
        _ db: Database, _ query: NeuronQuery, _ matches: NeuronSearch.Matches?, from offset: Int, limit: Int,
        _ version: Int64
    ) throws -> [Int64] {
        let start = seen.withLock { seen -> (offset: Int, place: ListPlace)? in
            for near in stride(from: offset, through: max(0, offset - Self.reach), by: -1) {
                if let place = seen.places[near] { return (near, place) }
            }
            return nil
        }
        if let start {
            let skipped = offset - start.offset
            let places = try query.places(db, sort: sort, after: start.place, limit: skipped + limit, matches)
            remember(places, from: start.offset, version)
            return places.dropFirst(skipped).map(\.id)
        }
        if offset <= Self.reach {
            let places = try query.places(db, sort: sort, after: nil, limit: offset + limit, matches)
            remember(places, from: 0, version)
            return places.dropFirst(offset).map(\.id)
        }
        if !query.isWholeIndex {
            let whole =
                matches == nil
                ? try query.page(db, sort: sort, limit: .max, offset: 0).map(\.rowID)
                : try query.places(db, sort: sort, after: nil, limit: .max, matches).map(\.id)
            return keep(whole, version).dropFirst(offset).prefix(limit).map { $0 }
        }
        // Somewhat higher, so that turning pages upwards starts from a known place as well.
        let higher = offset - Self.reach / 2
        guard let first = try query.row(db, sort: sort, at: higher - 1),
            let place = try query.place(db, sort: sort, of: first)
        else { return [] }
        remember(place, at: higher, version)
        let places = try query.places(db, sort: sort, after: place, limit: offset - higher + limit, matches)
        remember(places, from: higher, version)
        return places.dropFirst(offset - higher).map(\.id)
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

import Dispatch
import GRDB
import Synchronization

/// The orders of a large catalog that somebody looks at, kept in memory and in step with what this program changes.
///
/// Another program's change, or one of many neurons, makes them be read again when they are next wanted.
final class NeuronOrders: Sendable {
    private struct Kept {
        var order: NeuronOrder
        /// The catalog's version that it belongs to.
        var version: Int64
    }

    private struct State {
        var kept: [NeuronSort.Key: Kept] = [:]
        /// What this program changed, by the version that it made.
        var changes: [Int64: Set<Int64>] = [:]
        var reading: Set<NeuronSort.Key> = []
    }

    private let state = Mutex(State())
    /// Changes remembered at most; whoever comes later reads anew.
    private static let remembered = 4096

    // MARK: Changes

    /// Takes note of a change by this program.
    func note(version: Int64, changed: Set<Int64>) {
        state.withLock { state in
            state.changes[version] = changed
            state.changes[version - Int64(Self.remembered)] = nil
        }
    }

    /// The neurons that changed since `version`; `nil` where that is not known.
    func changes(since version: Int64, until now: Int64) -> Set<Int64>? {
        state.withLock { Self.changes($0, since: version, until: now) }
    }

    private static func changes(_ state: State, since version: Int64, until now: Int64) -> Set<Int64>? {
        guard now - version <= Int64(remembered), version <= now else { return nil }
        var changed: Set<Int64> = []
        for version in version..<now {
            guard let part = state.changes[version + 1] else { return nil }
            changed.formUnion(part)
        }
        return changed
    }

    // MARK: Orders

    /// The order as it is in this snapshot, if it is in memory.
    func order(_ db: Database, by key: NeuronSort.Key, version: Int64) throws -> NeuronOrder? {
        try state.withLock { state in
            guard let old = state.kept[key]?.version else { return nil }
            if old != version {
                guard let changed = Self.changes(state, since: old, until: version),
                    // Taken out, so that it is changed where it lies.
                    var kept = state.kept.removeValue(forKey: key)
                else { return nil }
                try kept.order.refresh(db, changed)
                kept.version = version
                state.kept[key] = kept
            }
            return state.kept[key]?.order
        }
    }

    func has(_ key: NeuronSort.Key) -> Bool { state.withLock { $0.kept[key] != nil } }

    /// Reads an order, unless somebody is reading it.
    func read(_ db: Database, by key: NeuronSort.Key) throws {
        guard state.withLock({ $0.reading.insert(key).inserted }) else { return }
        defer { state.withLock { _ = $0.reading.remove(key) } }
        let version = try Catalog.version(db)
        let order = try NeuronOrder(db, by: key)
        state.withLock { $0.kept[key] = Kept(order: order, version: version) }
    }
}

/// Row ids of the neurons that a transaction changes, as SQLite tells them.
final class ChangedNeurons: TransactionObserver, Sendable {
    /// `nil` once there are too many.
    private let ids = Mutex<Set<Int64>?>([])
    private static let most = 500

    func start() { ids.withLock { $0 = [] } }

    /// What changed since `start`; `nil` for very much.
    func take() -> Set<Int64>? { ids.withLock { $0 } }

    func observes(eventsOfKind kind: DatabaseEventKind) -> Bool { kind.tableName == "neuron" }

    func databaseDidChange(with event: DatabaseEvent) {
        let isFull = ids.withLock { ids in
            ids?.insert(event.rowID)
            if ids.map({ $0.count > Self.most }) ?? true { ids = nil }
            return ids == nil
        }
        if isFull { stopObservingDatabaseChangesUntilNextTransaction() }
    }

    func databaseDidCommit(_ db: Database) {}

    func databaseDidRollback(_ db: Database) {}
}

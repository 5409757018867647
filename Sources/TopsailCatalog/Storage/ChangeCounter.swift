import GRDB
import Synchronization

extension Catalog {
    /// A number that becomes another one whenever anyone, this program included, has changed the catalog.
    ///
    /// It says nothing beyond this `Catalog`: two programs have different numbers. Asking takes some microseconds and waits
    /// for nobody.
    public func changeCounter() throws(CatalogError) -> Int {
        do {
            return try changes.count()
        } catch {
            throw CatalogError(wrapping: error, path: path)
        }
    }
}

/// Asks SQLite whether the file has changed, over a connection that never writes: `PRAGMA data_version` counts what others
/// committed.
final class ChangeCounter: Sendable {
    private let path: String
    private let queue = Mutex<DatabaseQueue?>(nil)

    init(path: String) { self.path = path }

    func count() throws -> Int {
        let queue = try queue.withLock { queue in
            if let queue { return queue }
            var configuration = Configuration()
            configuration.label = "topsail.catalog.changes"
            configuration.readonly = true
            configuration.busyMode = .timeout(10)
            let opened = try DatabaseQueue(path: path, configuration: configuration)
            queue = opened
            return opened
        }
        // Outside of a transaction, which would go on seeing the state in which it began.
        return try queue.inDatabase { db in try Int.fetchOne(db, sql: "PRAGMA data_version") ?? 0 }
    }
}

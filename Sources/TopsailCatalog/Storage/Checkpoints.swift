import Dispatch
import GRDB
import Synchronization

/// Moves what waits in the write-ahead log into the file, beside what people wait for.
///
/// SQLite would do so inside the commit that makes the log long, which then waits for the disk. A connection of its own
/// does it without holding up readers or writers. What is in the log is kept either way.
final class Checkpoints: Sendable {
    /// Changes after which the log is moved.
    private static let enough = 64
    /// Seconds after which it is moved, so that a person's next step is not in the way.
    private static let delay = 0.5
    /// Pages in the log at which the commit does it after all: nobody else came round to it.
    static let longest = 8000

    private let name: String
    private let changes = Mutex(0)

    init(path: String) { name = CatalogFile.existingName(path) }

    /// Counts a change, and has the log moved when there were enough.
    func countChange() {
        let isDue = changes.withLock { changes in
            changes += 1
            return changes == Self.enough
        }
        guard isDue else { return }
        DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + Self.delay) { [weak self] in self?.run() }
    }

    private func run() {
        changes.withLock { $0 = 0 }
        var configuration = Configuration()
        configuration.label = "topsail.checkpoint"
        let queue = try? DatabaseQueue(path: name, configuration: configuration)
        try? queue?.inDatabase { db in
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
            _ = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(PASSIVE)")
        }
    }
}

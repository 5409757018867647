import Foundation
import GRDB

/// The file that holds what machines found out about neurons, and what people made of it.
///
/// One SQLite file in write-ahead mode: several programs may have it open, readers never wait for a writer. All methods
/// are synchronous, may be called from any thread, and throw `CatalogError`.
public final class Catalog: Sendable {
    /// Where the file lies.
    public let path: String
    public let isReadOnly: Bool
    let pool: DatabasePool
    /// Orders of lists that are kept in memory.
    let orders = NeuronOrders()
    private let changedNeurons = ChangedNeurons()
    private let checkpoints: Checkpoints
    /// A folder that goes away with the catalog.
    private let temporaryFolder: String?

    public enum Mode: Sendable {
        /// Makes the file when it is not there, and brings an older one up to date.
        case readWrite
        /// Never changes the file, which must exist and be up to date.
        case readOnly
    }

    /// Opens the catalog at `path`.
    ///
    /// - Parameter busyTimeout: How many seconds to wait for another program's write to finish.
    public convenience init(path: String, mode: Mode = .readWrite, busyTimeout: Double = 10) throws(CatalogError) {
        try self.init(path: path, mode: mode, busyTimeout: busyTimeout, temporaryFolder: nil)
    }

    /// Makes an empty catalog in a folder of its own, which is removed when the catalog is no longer used.
    public static func temporary() throws(CatalogError) -> Catalog {
        let folder = try TemporaryCopies.makeFolder()
        return try Catalog(path: folder + "/catalog.sqlite", mode: .readWrite, busyTimeout: 10, temporaryFolder: folder)
    }

    private init(
        path: String, mode: Mode, busyTimeout: Double, temporaryFolder: String?
    ) throws(CatalogError) {
        var temporaryFolder = temporaryFolder
        self.path = path
        self.isReadOnly = mode == .readOnly
        try CatalogFile.inspect(path, mustExist: mode == .readOnly)
        if mode == .readWrite { try Self.refuseUnknown(path) }
        let name = try mode == .readOnly ? Self.readableName(path, &temporaryFolder) : path
        self.temporaryFolder = temporaryFolder
        checkpoints = Checkpoints(path: path)
        let deadline = ContinuousClock.now + .seconds(busyTimeout)
        pool = try Self.waiting(until: deadline) { () throws(CatalogError) in
            do {
                return try DatabasePool(path: name, configuration: Self.configuration(mode, busyTimeout))
            } catch {
                throw CatalogError(wrapping: error, path: path)
            }
        }
        try Self.waiting(until: deadline) { () throws(CatalogError) in try bringUpToDate() }
        if mode == .readWrite { pool.add(transactionObserver: changedNeurons) }
    }

    /// Tries again while another program holds the file.
    ///
    /// SQLite's own timeout does not cover the moment in which a new file becomes a write-ahead one: of two programs that
    /// both try, one is told at once that the file is busy.
    private static func waiting<Result>(
        until deadline: ContinuousClock.Instant, _ body: () throws(CatalogError) -> Result
    ) throws(CatalogError) -> Result {
        while true {
            do {
                return try body()
            } catch {
                guard case .busy = error.reason, ContinuousClock.now < deadline else { throw error }
                Thread.sleep(forTimeInterval: 0.02)
            }
        }
    }

    /// What SQLite is to open for reading.
    ///
    /// In a folder that cannot be written to it cannot make the files that it keeps beside a write-ahead database. Then
    /// the file is read as one that nobody changes or, when changes wait in a log beside it, from a copy.
    private static func readableName(_ path: String, _ temporaryFolder: inout String?) throws(CatalogError) -> String {
        guard CatalogFile.isImmutable(path) else { return path }
        guard CatalogFile.hasPendingLog(path) else { return CatalogFile.immutableName(path) }
        let folder = try TemporaryCopies.makeFolder()
        temporaryFolder = folder
        let copy = folder + "/catalog.sqlite"
        try TemporaryCopies.copyFiles(of: path, to: copy)
        return copy
    }

    deinit {
        guard let temporaryFolder else { return }
        try? pool.close()
        try? FileManager.default.removeItem(atPath: temporaryFolder)
    }

    private static func configuration(_ mode: Mode, _ busyTimeout: Double) -> Configuration {
        var configuration = Configuration()
        configuration.label = "topsail.catalog"
        configuration.readonly = mode == .readOnly
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(busyTimeout)
        configuration.prepareDatabase { db in
            // In write-ahead mode this loses no consistency, at most the last moments before a power cut.
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
            try setCache(db, forManyRows: false)
        }
        return configuration
    }

    /// Refuses a file of a newer version before opening it for writing changes it: makes it a write-ahead one, or begins a
    /// log.
    private static func refuseUnknown(_ path: String) throws(CatalogError) {
        let liesAlone = CatalogFile.liesAlone(path)
        guard liesAlone || CatalogFile.isCompact(path) else { return }
        let file = try DamagedFile(reading: path, asItLies: liesAlone)
        _ = try file.read { db in try isComplete(db, path) }
    }

    /// Whether the schema is the newest.
    ///
    /// - Throws: `notACatalog`, `newerVersion`.
    private static func isComplete(_ db: Database, _ path: String) throws -> Bool {
        let migrator = Schema.migrator
        if try Int32.fetchOne(db, sql: "PRAGMA application_id") != Schema.applicationID,
            try !db.tableExists("grdb_migrations"), try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") != 0
        {
            throw CatalogError(.notACatalog(path: path))
        }
        if try migrator.hasBeenSuperseded(db) { throw CatalogError(.newerVersion(path: path)) }
        return try migrator.hasCompletedMigrations(db)
    }

    /// Many rows in one transaction come into a few tables and their indexes: a larger cache saves writing the same pages
    /// again and again, and what they leave in the log is moved at their end. Nothing is mapped: mapped pages count as
    /// resident, and reading them costs no less.
    static func setCache(_ db: Database, forManyRows: Bool) throws {
        try db.execute(
            sql: forManyRows
                ? "PRAGMA cache_size = -65536; PRAGMA mmap_size = 0; PRAGMA wal_autocheckpoint = 1000"
                : """
                PRAGMA cache_size = -4000; PRAGMA mmap_size = 0; \
                PRAGMA wal_autocheckpoint = \(Checkpoints.longest)
                """)
    }

    private func bringUpToDate() throws(CatalogError) {
        let migrator = Schema.migrator
        if try read({ db in try Self.isComplete(db, path) }) { return }
        if isReadOnly { throw CatalogError(.olderVersion(path: path)) }
        do {
            try migrator.migrate(pool)
        } catch {
            // Another program may have migrated the same file at the same moment; then all is well.
            if (try? pool.read(migrator.hasCompletedMigrations)) == true { return }
            throw CatalogError(wrapping: error, path: path)
        }
    }

    // MARK: The two doors to the database

    /// Runs `body` on a consistent snapshot, beside any writer.
    func read<T>(_ body: (Database) throws -> T) throws(CatalogError) -> T {
        do {
            return try pool.read(body)
        } catch {
            throw CatalogError(wrapping: error, path: path)
        }
    }

    /// Runs `body` in a transaction: all of it or nothing.
    func write<T>(_ body: (Database) throws -> T) throws(CatalogError) -> T {
        do {
            let (result, version, changed) = try pool.write { db in
                changedNeurons.start()
                let result = try body(db)
                try Self.raiseVersion(db)
                return (result, try Self.version(db), changedNeurons.take())
            }
            if let changed { orders.note(version: version, changed: changed) }
            checkpoints.countChange()
            return result
        } catch {
            throw CatalogError(wrapping: error, path: path)
        }
    }

    // MARK: Changes

    /// A number that rises with every change, by whatever program: equal numbers mean equal contents.
    public func version() throws(CatalogError) -> Int64 { try read(Self.version) }

    static func version(_ db: Database) throws -> Int64 {
        try Int64.fetchOne(db.cachedStatement(sql: "SELECT version FROM catalog_state")) ?? 0
    }

    static func raiseVersion(_ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE catalog_state SET version = version + 1").execute()
    }
}

import Foundation
import GRDB

/// A catalog opened with as few expectations as possible, to see what is left of it.
final class DamagedFile {
    let queue: DatabaseQueue
    private let path: String
    private let folder: String?

    /// Opens the file itself for reading. Fails where SQLite will not have it.
    ///
    /// - Parameter asItLies: For a short look at a file that nobody has open: SQLite makes no files beside it.
    init(reading path: String, asItLies: Bool = false) throws(CatalogError) {
        self.path = path
        folder = nil
        let isImmutable = asItLies || CatalogFile.isImmutable(path) && !CatalogFile.hasPendingLog(path)
        do {
            queue = try DatabaseQueue(
                path: isImmutable ? CatalogFile.immutableName(path) : path,
                configuration: Self.configuration(readonly: true))
        } catch {
            throw CatalogError(wrapping: error, path: path)
        }
    }

    /// Opens a copy of the file with the changes in its log. What was cut off at the end reads as zeros.
    init(copying path: String, beside destination: String) throws(CatalogError) {
        self.path = path
        let folder = destination + ".partial-\(UUID().uuidString)"
        self.folder = folder
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        } catch {
            throw CatalogError(.cannotOpen(path: destination, why: "its folder cannot be written to"))
        }
        do {
            let copy = folder + "/damaged.sqlite"
            try TemporaryCopies.copyFiles(of: path, to: copy)
            try FirstPage.repair(copy)
            try CatalogFile.pad(copy)
            queue = try DatabaseQueue(path: copy, configuration: Self.configuration(readonly: false))
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw CatalogError(wrapping: error, path: path)
        }
    }

    deinit {
        try? queue.close()
        if let folder { try? FileManager.default.removeItem(atPath: folder) }
    }

    /// A place for more files that go away with this one; `nil` when no copy was made.
    var scratch: String? { folder }

    /// Runs `body` on one state of the file, whoever writes meanwhile.
    ///
    /// The transaction is begun and ended by hand: after a failed read it cannot be committed, and some failures make
    /// SQLite end it by itself, which is no reason to stop looking.
    func read<T>(_ body: (Database) throws -> T) throws(CatalogError) -> T {
        do {
            return try queue.inDatabase { db in
                try db.execute(sql: "BEGIN DEFERRED TRANSACTION")
                defer { try? db.execute(sql: "ROLLBACK TRANSACTION") }
                return try body(db)
            }
        } catch {
            throw CatalogError(wrapping: error, path: path)
        }
    }

    private static func configuration(readonly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.label = "topsail.damaged"
        configuration.readonly = readonly
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { db in
            // A schema that does not add up is read as far as it goes, and pages are looked at more closely.
            try db.execute(sql: "PRAGMA writable_schema = ON")
            try db.execute(sql: "PRAGMA cell_size_check = ON")
        }
        return configuration
    }
}

import Foundation
import GRDB

extension Catalog {
    /// Copies the catalog at `path` into a new, compact, single file; of a damaged one, what can be read.
    ///
    /// The original is not touched. Whoever writes to it meanwhile is not disturbed.
    ///
    /// - Returns: What was saved and lost when the catalog is damaged; `nil` when all of it was copied.
    /// - Throws: `cannotOpen` when there is a file at `destination`; `damaged` when not even the list of tables is left.
    public static func backup(_ path: String, to destination: String) throws(CatalogError) -> RescueReport? {
        try refuseOverwriting(destination)
        if try damage(at: path).isEmpty {
            do {
                try Catalog(path: path, mode: .readOnly).backup(to: destination)
                return nil
            } catch {
                switch error.reason {
                case .damaged: break
                case .olderVersion:
                    try copyCompactly(path, to: destination)
                    return nil
                default: throw error
                }
            }
        }
        return try rescue(path, to: destination)
    }

    /// Copies the catalog into a new, compact, single file, whoever is writing meanwhile.
    ///
    /// - Throws: `cannotOpen` when there is a file at `destination`; nothing is overwritten.
    public func backup(to destination: String) throws(CatalogError) {
        try Self.refuseOverwriting(destination)
        do {
            try pool.writeWithoutTransaction { db in try Self.copy(db, to: destination) }
        } catch {
            throw CatalogError(wrapping: error, path: Self.isOurFault(error) ? path : destination)
        }
    }

    /// Saves what can be read of a damaged catalog into a new one.
    static func rescue(_ path: String, to destination: String) throws(CatalogError) -> RescueReport {
        let file = try DamagedFile(copying: path, beside: destination)
        guard let folder = file.scratch else { throw CatalogError(.damaged(path: path, what: "it cannot be copied")) }
        let rescued = folder + "/rescued.sqlite"
        var report = RescueReport()
        do {
            // Made by its own migrations, so that it is as good as new.
            try Catalog(path: rescued).close()
            var configuration = Configuration()
            configuration.foreignKeysEnabled = false
            let target = try DatabaseQueue(path: rescued, configuration: configuration)
            // In no transaction: a failed read would keep it from ending. The copy is ours alone.
            report = try file.queue.inDatabase { source in
                try target.write { target in
                    var rescue = CatalogRescue(from: source, into: target)
                    try rescue.run()
                    try Combine(target, NeuronKey.everyRow).run()
                    return rescue.report
                }
            }
            try target.close()
        } catch {
            throw CatalogError(wrapping: error, path: path)
        }
        let saved = try Catalog(path: rescued)
        if let problem = try saved.check().first {
            throw CatalogError(.damaged(path: path, what: "what was saved does not fit together: \(problem)"))
        }
        try saved.backup(to: destination)
        try saved.close()
        return report
    }

    /// Ends all use of the file. Errors, as when a statement is still running, are of no interest here.
    func close() throws(CatalogError) { try? pool.close() }

    private static func refuseOverwriting(_ destination: String) throws(CatalogError) {
        if FileManager.default.fileExists(atPath: destination) {
            throw CatalogError(.cannotOpen(path: destination, why: "there is a file already"))
        }
    }

    private static func copyCompactly(_ path: String, to destination: String) throws(CatalogError) {
        let file = try DamagedFile(reading: path)
        do {
            try file.queue.inDatabase { db in try copy(db, to: destination) }
        } catch {
            throw CatalogError(wrapping: error, path: destination)
        }
    }

    private static func copy(_ db: Database, to destination: String) throws {
        let partial = destination + ".partial-\(UUID().uuidString)"
        do {
            try db.execute(sql: "VACUUM INTO ?", arguments: [partial])
            try FileManager.default.moveItem(atPath: partial, toPath: destination)
        } catch {
            for suffix in ["", "-journal"] { try? FileManager.default.removeItem(atPath: partial + suffix) }
            throw error
        }
    }

    /// Damage is in the file that is read; everything else concerns the one that is written.
    private static func isOurFault(_ error: any Error) -> Bool {
        (error as? DatabaseError).map(TableScan.isDamage) == true
            && (error as? DatabaseError)?.resultCode != .SQLITE_IOERR
    }
}

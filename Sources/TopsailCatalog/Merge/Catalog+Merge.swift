import Foundation
import GRDB

extension Catalog {
    /// Brings what other catalogs hold into this one, in one transaction: all of it or nothing.
    ///
    /// Rows are matched by names and never by the numbers that a file gave them. A person's work of all parts is one step
    /// of the journal. Where both sides have something and it differs, this catalog's stays: of a person's work always, of
    /// what machines derived unless `preference` says otherwise. Merging twice changes nothing.
    ///
    /// - Parameter paths: Catalogs of this or an older version; none of them is changed. At most eight.
    /// - Throws: `invalid` when an SAE of the same name is another one.
    @discardableResult
    public func merge(_ paths: [String], prefer preference: MergePreference = .ours) throws(CatalogError) -> MergeReport
    {
        guard paths.count <= Self.mostParts else {
            let problem = "at most \(Self.mostParts) catalogs can be merged at once, not \(paths.count)"
            throw CatalogError(.invalid(what: "that many catalogs", problem: problem))
        }
        let parts = try paths.map { path throws(CatalogError) in try MergePart(path) }
        do {
            return try pool.writeWithoutTransaction { db in
                defer { for index in parts.indices { try? db.execute(sql: "DETACH part\(index)") } }
                for (index, part) in parts.enumerated() {
                    try db.execute(sql: "ATTACH ? AS part\(index)", arguments: [part.copy])
                }
                var report = MergeReport()
                try db.inTransaction(.immediate) {
                    report = try Self.merge(parts, prefer: preference, into: db)
                    return .commit
                }
                return report
            }
        } catch {
            throw CatalogError(wrapping: error, path: path)
        }
    }

    /// SQLite attaches ten files at most, two of which are spared.
    private static let mostParts = 8

    private static func merge(
        _ parts: [MergePart], prefer preference: MergePreference, into db: Database
    ) throws -> MergeReport {
        var report = MergeReport()
        var person = MergedAnnotations(db)
        var merged: [MergedRows] = []
        for (index, part) in parts.enumerated() {
            var rows = MergedRows(db, schema: "part\(index)", path: part.path, prefer: preference)
            try rows.run()
            try person.gather(&rows)
            merged.append(rows)
        }
        try person.perform()
        for var rows in merged {
            try rows.mergeWhatFollows()
            rows.dropMaps()
            report.parts.append(rows.part)
            report.conflicts += rows.conflicts
        }
        if report.changed {
            try Catalog.rebuildAncestors(db)
            try Combine(db, NeuronKey.everyRow).run()
            try raiseVersion(db)
        }
        return report
    }
}

/// Another catalog: a compact copy of it, brought up to this version.
final class MergePart {
    let path: String
    let copy: String
    private let folder: String

    init(_ path: String) throws(CatalogError) {
        self.path = path
        folder = try TemporaryCopies.makeFolder()
        copy = folder + "/part.sqlite"
        try CatalogFile.inspect(path, mustExist: true)
        let file = try DamagedFile(reading: path)
        do {
            try file.queue.inDatabase { db in try db.execute(sql: "VACUUM INTO ?", arguments: [copy]) }
        } catch {
            throw CatalogError(wrapping: error, path: path)
        }
        do {
            try Catalog(path: copy).close()
        } catch {
            throw error.about(path)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }
}

extension CatalogError {
    /// The same error, of another file.
    fileprivate func about(_ path: String) -> CatalogError {
        switch reason {
        case .newerVersion: CatalogError(.newerVersion(path: path))
        case .notACatalog: CatalogError(.notACatalog(path: path))
        case .damaged(_, let what): CatalogError(.damaged(path: path, what: what))
        case .diskFull: self
        default: CatalogError(.cannotOpen(path: path, why: sqliteSentence))
        }
    }
}

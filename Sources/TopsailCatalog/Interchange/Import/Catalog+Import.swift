import Foundation
import GRDB
import TopsailCore
import TopsailFiles

extension Catalog {
    /// Reads a file or folder into the catalog, in one transaction: all of it, or nothing when something is wrong.
    ///
    /// Importing the same again changes nothing. What a person wrote is never replaced.
    ///
    /// - Parameters:
    ///   - progress: Told now and then how many neurons were read; throwing ends the import and undoes it.
    /// - Throws: `InterchangeError` with the place in the file, `CatalogError`, or what `progress` throws.
    public func importFile(
        _ format: ImportFormat, at path: String, options: ImportOptions = ImportOptions(),
        progress: (Int) throws -> Void = { _ in }
    ) throws -> ImportReport {
        let checksum = try InputChecksum.hexDigest(path: path)
        return try importNeurons(
            options: options, provenance: ImportProvenance(format: format.rawValue, path: path, sha256: checksum),
            progress: progress
        ) { sink in
            switch format {
            case .jsonl: try JSONLinesReader(path: path, sink: sink).read()
            case .safeSAIL: try SafeSAILReader(path: path, sink: sink).read()
            case .csv: try TableReader(path: path, sink: sink).read()
            case .neuronpedia: try NeuronpediaReader(path: path, sink: sink).read()
            case .saeDashboard: try SAEDashboardReader(path: path, sink: sink).read()
            case .delphi: try DelphiReader(path: path, sink: sink).read()
            case .neuronExplainer: try NeuronExplainerReader(path: path, sink: sink).read()
            }
        }
    }

    /// Takes neurons from `body` in one transaction.
    public func importNeurons(
        options: ImportOptions = ImportOptions(), provenance: ImportProvenance,
        progress: (Int) throws -> Void = { _ in }, _ body: (CatalogImport) throws -> Void
    ) throws -> ImportReport {
        // The reader's own errors go through as they are; only SQLite's are put into the catalog's words.
        do {
            return try withoutActuallyEscaping(progress) { progress in
                try pool.writeWithoutTransaction { db in
                    try Self.setCache(db, forManyRows: true)
                    defer { try? Self.setCache(db, forManyRows: false) }
                    var report = ImportReport()
                    try db.inTransaction {
                        let writer = try CatalogImport(db, path: self.path, options: options, progress: progress)
                        try body(writer)
                        report = try writer.finish(provenance)
                        try Self.raiseVersion(db)
                        return .commit
                    }
                    return report
                }
            }
        } catch let error as DatabaseError {
            throw CatalogError(wrapping: error, path: self.path)
        }
    }
}

/// Where imported rows came from.
public struct ImportProvenance: Sendable, Hashable {
    public var format: String
    public var path: String
    /// Of the file, or of the names and sizes of a folder's files.
    public var sha256: String?

    public init(format: String, path: String, sha256: String? = nil) {
        self.format = format
        self.path = path
        self.sha256 = sha256
    }
}

/// Checksums of what is imported.
enum InputChecksum {
    static func hexDigest(path: String) throws -> String {
        var hash = SHA256()
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            for file in InputFolder(path).everything() {
                let size = (try? FileManager.default.attributesOfItem(atPath: path + "/" + file)[.size] as? Int) ?? 0
                Array("\(file)\n\(size)\n".utf8).withUnsafeBytes { hash.update($0) }
            }
        } else {
            try InputBytes.readPlain(path) { hash.update($0) }
        }
        return hash.hexDigest()
    }
}

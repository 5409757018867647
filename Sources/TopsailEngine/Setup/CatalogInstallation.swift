import Foundation
import TopsailCatalog
import TopsailFiles

/// Puts the shipped catalog into a workspace, or an empty one with the taxonomy where none is shipped.
///
/// A catalog in which a person has written anything stays as it is.
struct CatalogInstallation {
    let workspace: Workspace
    let data: BundledData?

    /// Most bytes that a shipped catalog may unpack to.
    private static let sizeLimit = 1 << 30
    private let key = "catalog.sqlite"

    func run(_ record: inout WorkspaceRecord) throws -> Setup.Step {
        var step = Setup.Step(part: .catalog, name: "catalog", path: workspace.catalogPath, outcome: .present)
        guard let data, FileManager.default.fileExists(atPath: data.catalogPath) else {
            if !workspace.hasCatalog {
                try makeEmpty()
                step.outcome = .installed
                step.note = "no catalog is shipped with this program: it is empty"
            }
            return step
        }
        let previous = record.installed[key]
        let shipped = try WorkspaceRecord.Installed.describing(data.catalogPath, previous: previous)
        if workspace.hasCatalog {
            if previous?.sha256 == shipped.sha256 {
                guard previous != shipped else { return step }
            } else if let reason = try reasonToKeep() {
                step.outcome = .kept
                step.note = "a newer one is shipped, but \(reason)"
                return step
            } else {
                try install(data.catalogPath)
                step.outcome = .installed
            }
        } else {
            try install(data.catalogPath)
            step.outcome = .installed
        }
        record.installed[key] = shipped
        try record.write(workspace.recordPath)
        return step
    }

    /// Why the catalog that is there must not be replaced; `nil` when nothing would be lost.
    private func reasonToKeep() throws -> String? {
        let catalog = try Catalog(path: workspace.catalogPath)
        let written = try catalog.summary().annotations
        if written > 0 { return "this one holds \(written) of your annotations" }
        // Undone work can be brought back, so that a journal counts as well.
        return try catalog.log(limit: 1).isEmpty ? nil : "this one holds a journal of your changes"
    }

    private func install(_ compressed: String) throws {
        let packed = try Data(contentsOf: URL(fileURLWithPath: compressed))
        let unpacked = try Gzip.decompress(packed, limit: Self.sizeLimit, name: compressed)
        // The logs of a catalog that is replaced would be read as the new one's.
        for suffix in ["-wal", "-shm"] { unlink(workspace.catalogPath + suffix) }
        try AtomicFile.write(unpacked, to: workspace.catalogPath)
        // One that is shipped in an older version is brought up to date while it may be written to.
        _ = try Catalog(path: workspace.catalogPath)
    }

    private func makeEmpty() throws {
        let beside = "\(workspace.root)/.catalog.partial-\(getpid())"
        defer { for suffix in ["", "-wal", "-shm"] { unlink(beside + suffix) } }
        do {
            let catalog = try Catalog(path: beside)
            if let taxonomy = data?.taxonomyPath, FileManager.default.fileExists(atPath: taxonomy) {
                try catalog.install(
                    Taxonomy.decode(Data(contentsOf: URL(fileURLWithPath: taxonomy)), path: taxonomy))
            }
            // A backup is one file without logs, complete when it gets its name.
            try catalog.backup(to: workspace.catalogPath)
        }
    }
}

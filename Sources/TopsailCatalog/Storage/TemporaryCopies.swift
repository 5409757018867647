import Foundation

/// Copies of a catalog's files that may be changed without touching the original.
enum TemporaryCopies {
    /// Makes an empty folder. The caller removes it.
    static func makeFolder() throws(CatalogError) -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("topsail-\(UUID().uuidString)").path
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw CatalogError(.cannotOpen(path: folder, why: "its folder cannot be made"))
        }
        return folder
    }

    /// Copies a catalog and the changes that wait in its log, byte for byte.
    ///
    /// The file comes first: pages that are moved from the log into it meanwhile are in both.
    static func copyFiles(of path: String, to copy: String) throws(CatalogError) {
        for suffix in ["", "-wal"] where suffix.isEmpty || FileManager.default.fileExists(atPath: path + suffix) {
            do {
                try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
                // A copy of a read-only file is to be writable.
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: copy + suffix)
            } catch {
                let code =
                    ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.code ?? (error as NSError).code
                if code == Int(ENOSPC) { throw CatalogError(.diskFull(path: copy)) }
                throw CatalogError(.cannotOpen(path: path + suffix, why: "it cannot be copied to \(copy)"))
            }
        }
    }
}

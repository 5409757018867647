import Foundation

/// A look at a file before SQLite opens it, because opening for writing already changes a database's journal mode.
enum CatalogFile {
    /// Throws when the file at `path` is clearly not a catalog. A missing or empty file is fine unless it must exist.
    static func inspect(_ path: String, mustExist: Bool) throws(CatalogError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            if mustExist { throw CatalogError(.cannotOpen(path: path, why: "there is no such file")) }
            return try inspectFolder(of: path)
        }
        if isFolder.boolValue { throw CatalogError(.cannotOpen(path: path, why: "it is a folder")) }
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw CatalogError(.cannotOpen(path: path, why: "it cannot be read"))
        }
        defer { try? file.close() }
        let header = [UInt8]((try? file.read(upToCount: 100)) ?? Data())
        if header.isEmpty && !mustExist { return }
        guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else {
            throw CatalogError(.notACatalog(path: path))
        }
        // https://www.sqlite.org/fileformat.html#the_database_header: page count at 28, application id at 68. A new
        // catalog whose first changes are still in the write-ahead log has no id yet, and hardly any pages.
        let hasLog = FileManager.default.fileExists(atPath: path + "-wal")
        switch bigEndian(header, at: 68) {
        case UInt32(bitPattern: Schema.applicationID): return
        case 0 where hasLog || bigEndian(header, at: 28) <= 1: return
        default: throw CatalogError(.notACatalog(path: path))
        }
    }

    private static func inspectFolder(of path: String) throws(CatalogError) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw CatalogError(.cannotOpen(path: path, why: "there is no folder \(folder)"))
        }
    }

    private static func bigEndian(_ bytes: [UInt8], at offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
}

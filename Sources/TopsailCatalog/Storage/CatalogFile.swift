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
        if !hasLog { try checkLength(header, of: path, at: file) }
        switch bigEndian(header, at: 68) {
        case UInt32(bitPattern: Schema.applicationID): return
        case 0 where hasLog || bigEndian(header, at: 28) <= 1: return
        default: throw CatalogError(.notACatalog(path: path))
        }
    }

    /// The header tells how long the file is; a copy that was cut off is shorter. With a log beside it pages may be in there.
    private static func checkLength(_ header: [UInt8], of path: String, at file: FileHandle) throws(CatalogError) {
        // https://www.sqlite.org/fileformat.html: the page count is valid when the two change counters agree.
        guard bigEndian(header, at: 24) == bigEndian(header, at: 92) else { return }
        let stored = Int(header[16]) << 8 | Int(header[17])
        let wanted = (stored == 1 ? 65536 : stored) * Int(bigEndian(header, at: 28))
        guard let size = try? file.seekToEnd(), size < wanted else { return }
        throw CatalogError(.damaged(path: path, what: "it ends after \(size) of \(wanted) bytes"))
    }

    /// Whether a reader can only be given the file as it lies there: SQLite has to make files beside it, and may not.
    static func isImmutable(_ path: String) -> Bool {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        return access(folder, W_OK) != 0 && !FileManager.default.fileExists(atPath: path + "-shm")
    }

    /// Whether the file is as a backup makes it: no write-ahead database yet.
    static func isCompact(_ path: String) -> Bool { header(of: path)?[18] == 1 }

    /// Whether nothing that belongs to the file lies beside it, so that nobody has it open and all is in it.
    static func liesAlone(_ path: String) -> Bool {
        header(of: path) != nil
            && ["-wal", "-journal"].allSatisfy { !FileManager.default.fileExists(atPath: path + $0) }
    }

    private static func header(of path: String) -> [UInt8]? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        let header = [UInt8]((try? file.read(upToCount: 100)) ?? Data())
        return header.count == 100 ? header : nil
    }

    /// Whether changes wait in a write-ahead log beside the file.
    static func hasPendingLog(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
        return (attributes?[.size] as? Int ?? 0) > 0
    }

    /// SQLite's name for a file that no one changes.
    static func immutableName(_ path: String) -> String { uniform(path) + "?immutable=1" }

    /// SQLite's name for a file that must be there.
    static func existingName(_ path: String) -> String { uniform(path) + "?mode=rw" }

    private static func uniform(_ path: String) -> String {
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "/-._~"))
        return "file:\(path.addingPercentEncoding(withAllowedCharacters: allowed) ?? path)"
    }

    /// Gives a copy that was cut off the length that its header tells, filled with zeros.
    static func pad(_ path: String) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        defer { try? file.close() }
        let header = [UInt8](try file.read(upToCount: 100) ?? Data())
        guard header.count == 100, bigEndian(header, at: 24) == bigEndian(header, at: 92) else { return }
        let stored = UInt64(header[16]) << 8 | UInt64(header[17])
        let wanted = (stored == 1 ? 65536 : stored) * UInt64(bigEndian(header, at: 28))
        // A header that promises the moon is not believed.
        let size = try file.seekToEnd()
        if wanted > size, wanted < max(size, 1 << 20) * 1024 { try file.truncate(atOffset: wanted) }
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

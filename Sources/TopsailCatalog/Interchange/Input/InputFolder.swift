import Foundation

/// The files in a folder that is imported.
struct InputFolder {
    let path: String

    init(_ path: String) { self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path }

    /// Whether there is a folder at a path.
    static func isThere(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Names of all files, with the folders they are in, sorted as `natural` says.
    func everything() -> [String] {
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return names.filter { !Self.isThere(path + "/" + $0) }.sorted(by: Self.natural)
    }

    /// Names of the files directly in a folder, with one of the endings, sorted as `natural` says.
    func files(in folder: String = "", endings: [String]) -> [String] {
        let full = folder.isEmpty ? path : path + "/" + folder
        let names = (try? FileManager.default.contentsOfDirectory(atPath: full)) ?? []
        return names.filter { name in endings.contains { name.hasSuffix($0) } }.sorted(by: Self.natural)
            .map { full + "/" + $0 }.filter { !Self.isThere($0) }
    }

    /// Folders directly inside.
    func folders() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.sorted(by: Self.natural).map { path + "/" + $0 }.filter(Self.isThere)
    }

    /// `batch-2` before `batch-10`.
    static func natural(_ a: String, _ b: String) -> Bool { a.compare(b, options: .numeric) == .orderedAscending }
}

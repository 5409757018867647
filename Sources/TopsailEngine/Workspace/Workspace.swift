import Foundation
import TopsailCatalog
import TopsailFiles

/// The folder with a person's catalog, models and SAEs.
///
/// A value: naming a workspace touches no disk. `create` makes the folder, `Setup` fills it.
public struct Workspace: Sendable, Hashable {
    /// Absolute path of the folder; it may not exist.
    public let root: String

    public init(root: String) {
        self.root = URL(fileURLWithPath: root).standardizedFileURL.path
    }

    /// Finds the workspace: `path` if given, else `$TOPSAIL_HOME`, else `$XDG_DATA_HOME/topsail`, else
    /// `~/.local/share/topsail`.
    ///
    /// A variable that is set to nothing counts as not set; a relative `XDG_DATA_HOME` is ignored, as its specification asks.
    public static func resolve(
        _ path: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> Workspace {
        if let path { return Workspace(root: (path as NSString).expandingTildeInPath) }
        if let home = environment["TOPSAIL_HOME"], !home.isEmpty { return Workspace(root: home) }
        if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") { return Workspace(root: data + "/topsail") }
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
        return Workspace(root: home + "/.local/share/topsail")
    }

    public var modelsFolder: String { root + "/models" }
    public var saesFolder: String { root + "/saes" }
    public var catalogPath: String { root + "/catalog.sqlite" }
    /// Contrast pairs that a person wrote.
    public var pairsPath: String { root + "/pairs.jsonl" }
    /// What setup installed, and which model is the default.
    var recordPath: String { root + "/workspace.json" }

    public var exists: Bool { FileManager.default.isFolder(root) }
    public var hasCatalog: Bool { FileManager.default.fileExists(atPath: catalogPath) }
}

// MARK: Making it

extension Workspace {
    /// Makes the folder and those in it; does nothing to what is there.
    ///
    /// - Throws: `WorkspaceError.cannotCreate` when it cannot be made or written to; folders that this call made are then gone.
    public func create() throws(WorkspaceError) {
        let missing = [root, modelsFolder, saesFolder].filter { !FileManager.default.isFolder($0) }
        // The topmost folder that will be new: taking it away takes everything that this call made.
        let newTop = missing.first.map(Self.topmostMissing)
        do {
            for folder in missing {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }
        } catch {
            if let newTop { try? FileManager.default.removeItem(atPath: newTop) }
            throw .cannotCreate(root: root, why: error.systemReason)
        }
        for folder in [root, modelsFolder, saesFolder] where access(folder, W_OK | X_OK) != 0 {
            throw .cannotCreate(root: folder, why: String(cString: strerror(errno)))
        }
    }

    private static func topmostMissing(_ path: String) -> String {
        var top = path
        while case let parent = (top as NSString).deletingLastPathComponent, parent != top, !parent.isEmpty,
            !FileManager.default.fileExists(atPath: parent)
        { top = parent }
        return top
    }

    /// Opens the workspace's catalog, for reading only where it cannot be written.
    ///
    /// - Throws: `WorkspaceError.noCatalog` when there is none, or `CatalogError`.
    public func openCatalog() throws -> Catalog {
        guard hasCatalog else { throw WorkspaceError.noCatalog(root: root) }
        let isWritable = access(catalogPath, W_OK) == 0 && access(root, W_OK) == 0
        return try Catalog(path: catalogPath, mode: isWritable ? .readWrite : .readOnly)
    }
}

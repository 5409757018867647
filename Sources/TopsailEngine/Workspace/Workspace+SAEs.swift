import Foundation
import TopsailCatalog

/// An SAE checkpoint in a workspace.
public struct WorkspaceSAE: Sendable, Hashable {
    public let name: String
    /// The checkpoint's folder.
    public let path: String

    public init(name: String, path: String) {
        self.name = name
        self.path = path
    }
}

extension Workspace {
    /// The SAE checkpoints in the workspace by name.
    public func saes() -> [WorkspaceSAE] {
        FileManager.default.visibleNames(in: saesFolder)
            .map { WorkspaceSAE(name: $0, path: "\(saesFolder)/\($0)") }
            .filter { FileManager.default.isFolder($0.path) }
    }

    /// Where the SAE is that a person means.
    ///
    /// - Parameter name: A name in the workspace, or the path of a checkpoint file or folder.
    /// - Returns: A path that exists, and the name that the SAE goes by.
    public func sae(_ name: String) throws(WorkspaceError) -> WorkspaceSAE {
        let known = saes()
        if let match = known.first(where: { $0.name == name }) { return match }
        guard !name.isEmpty, FileManager.default.fileExists(atPath: name) else {
            throw .unknownSAE(name, known: known.map(\.name))
        }
        let url = URL(fileURLWithPath: name).standardizedFileURL
        let folder = FileManager.default.isFolder(url.path) ? url : url.deletingLastPathComponent()
        return WorkspaceSAE(name: folder.lastPathComponent, path: name)
    }

    /// The SAEs that take part when none are named: the catalog's default set as far as their checkpoints are here, else
    /// every SAE in the workspace of which the catalog does not say that it has no language model.
    ///
    /// - Throws: `WorkspaceError.noSAE` or `noLanguageModel` when there are none; `CatalogError`.
    public func defaultSAEs(catalog: Catalog?) throws -> [WorkspaceSAE] {
        let records = try catalog?.saes() ?? []
        let silent = records.filter { !$0.hasLanguageModel }.map(\.name)
        let present = saes().filter { !silent.contains($0.name) }
        guard !present.isEmpty else {
            if records.isEmpty || silent.count < records.count { throw WorkspaceError.noSAE(root: root) }
            throw WorkspaceError.noLanguageModel(saes: silent)
        }
        let chosen = records.filter(\.isDefault).compactMap { record in present.first { $0.name == record.name } }
        return chosen.isEmpty ? present : chosen
    }

    /// The SAEs that a person names, to read prompts with.
    ///
    /// - Throws: `WorkspaceError.noLanguageModel` when the catalog says so of some of them.
    func languageSAEs(_ names: [String], catalog: Catalog?) throws -> [WorkspaceSAE] {
        let chosen = try names.map { try sae($0) }
        let silent = try catalog?.saes().filter { !$0.hasLanguageModel }.map(\.name) ?? []
        let refused = chosen.map(\.name).filter(silent.contains)
        guard refused.isEmpty else { throw WorkspaceError.noLanguageModel(saes: refused) }
        return chosen
    }
}

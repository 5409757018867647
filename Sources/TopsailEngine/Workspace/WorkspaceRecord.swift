import Foundation
import TopsailFiles

/// What setup put into a workspace, so that a second run can tell in a moment that nothing is to be done.
struct WorkspaceRecord: Codable, Hashable {
    /// A file or folder that setup installed.
    struct Installed: Codable, Hashable {
        /// Bytes of the file that `sha256` was taken of.
        var bytes: Int
        /// Of the model file; of a shipped SAE's weights; of the shipped catalog as it is compressed.
        var sha256: String
        /// When the shipped original was last changed, in seconds since 1970; saves hashing it again.
        var modified: Double?
    }

    /// File name of the default model within the models folder.
    var defaultModel: String?
    /// By path relative to the workspace.
    var installed: [String: Installed] = [:]

    enum CodingKeys: String, CodingKey {
        case defaultModel = "default_model"
        case installed
    }

    /// - Returns: An empty record when there is no file.
    static func read(_ path: String) throws(WorkspaceError) -> WorkspaceRecord {
        guard FileManager.default.fileExists(atPath: path) else { return WorkspaceRecord() }
        do {
            return try JSONDecoder().decode(WorkspaceRecord.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw .damagedRecord(path: path)
        }
    }

    func write(_ path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(try encoder.encode(self) + Data("\n".utf8), to: path)
    }
}

extension WorkspaceRecord.Installed {
    /// Describes a shipped file, hashing it only if it changed since `previous`.
    static func describing(_ path: String, previous: Self?) throws -> Self {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        let bytes = (attributes[.size] as? Int) ?? 0
        let modified = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970
        if let previous, previous.bytes == bytes, let modified, previous.modified == modified { return previous }
        return Self(bytes: bytes, sha256: try SHA256File.hexDigest(path: path), modified: modified)
    }
}

import Foundation
import TopsailFiles

/// Prompts of earlier sessions, oldest first: JSON in `$XDG_STATE_HOME/topsail/prompts.json`.
enum PromptHistory {
    private static let limit = 500

    private static var path: String {
        let environment = ProcessInfo.processInfo.environment
        let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        return (state ?? NSHomeDirectory() + "/.local/state") + "/topsail/prompts.json"
    }

    /// Nothing when there is no history or it cannot be read: it is a convenience.
    static func load() -> [String] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        return (try? JSONDecoder().decode([String].self, from: data)) ?? []
    }

    static func save(_ prompts: [String]) {
        let folder = (path as NSString).deletingLastPathComponent
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: attributes)
        guard let data = try? JSONEncoder().encode(Array(prompts.suffix(limit))) else { return }
        try? AtomicFile.write(data, to: path)
        // Prompts are nobody else's business.
        chmod(path, 0o600)
    }
}

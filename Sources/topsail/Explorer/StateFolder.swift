import Foundation
import TopsailFiles

/// What the explorer remembers between sessions: JSON files in `$XDG_STATE_HOME/topsail`, readable by their owner alone.
enum StateFolder {
    static var path: String {
        let environment = ProcessInfo.processInfo.environment
        let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        return (state ?? NSHomeDirectory() + "/.local/state") + "/topsail"
    }

    /// - Returns: Nothing when there is no such file or it cannot be read: it is a convenience.
    static func load<Value: Decodable>(_ type: Value.Type, from name: String) -> Value? {
        FileManager.default.contents(atPath: "\(path)/\(name)").flatMap { try? JSONDecoder().decode(type, from: $0) }
    }

    static func save(_ value: some Encodable, to name: String) {
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: attributes)
        guard let data = try? JSONEncoder().encode(value) else { return }
        let file = "\(path)/\(name)"
        try? AtomicFile.write(data, to: file)
        // Prompts are nobody else's business.
        chmod(file, 0o600)
    }
}

/// Prompts of earlier sessions, oldest first.
enum PromptHistory {
    private static let limit = 500
    private static let name = "prompts.json"

    static func load() -> [String] { StateFolder.load([String].self, from: name) ?? [] }
    static func save(_ prompts: [String]) { StateFolder.save(Array(prompts.suffix(limit)), to: name) }
}

/// Categories whose texts are hidden until they are asked for.
enum ShieldMemory {
    private static let name = "hidden.json"

    static func load() -> [String]? { StateFolder.load([String].self, from: name) }
    static func save(_ slugs: [String]) { StateFolder.save(slugs, to: name) }
}

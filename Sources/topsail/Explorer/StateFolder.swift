import Foundation
import TerminalKit
import TopsailFiles
import TopsailUI

/// What the explorer remembers between sessions: JSON files in `$XDG_STATE_HOME/topsail`, readable by their owner alone.
enum StateFolder {
    /// - Returns: Nothing when there is no such file or it cannot be read: it is a convenience.
    static func load<Value: Decodable>(_ type: Value.Type, from name: String) -> Value? {
        FileManager.default.contents(atPath: "\(UserFolder.state.path)/\(name)").flatMap {
            try? JSONDecoder().decode(type, from: $0)
        }
    }

    static func save(_ value: some Encodable, to name: String) {
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        try? FileManager.default.createDirectory(
            atPath: UserFolder.state.path, withIntermediateDirectories: true, attributes: attributes)
        guard let data = try? JSONEncoder().encode(value) else { return }
        let file = "\(UserFolder.state.path)/\(name)"
        try? AtomicFile.write(data, to: file)
        // Prompts are nobody else's business.
        chmod(file, 0o600)
    }
}

/// Texts that were entered in earlier sessions, oldest first.
struct EnteredTexts {
    private let name: String

    static let prompts = EnteredTexts(name: "prompts.json")
    static let filters = EnteredTexts(name: "filters.json")

    private static let count = 500
    private static let bytes = 1 << 18

    func load() -> [String] { StateFolder.load([String].self, from: name) ?? [] }

    /// Keeps the newest, 256 kB at most.
    func save(_ texts: [String]) {
        StateFolder.save(InputHistory.newest(of: texts, count: Self.count, bytes: Self.bytes), to: name)
    }
}

/// That the tour was begun once.
enum TourMemory {
    private static let name = "tour.json"

    static var wasSeen: Bool { StateFolder.load(Bool.self, from: name) ?? false }
    static func save() { StateFolder.save(true, to: name) }
}

/// Categories whose texts are hidden until they are asked for.
enum ShieldMemory {
    private static let name = "hidden.json"

    static func load() -> [String]? { StateFolder.load([String].self, from: name) }
    static func save(_ slugs: [String]) { StateFolder.save(slugs, to: name) }
}

/// Where borders between panes were moved, by their names.
enum SplitMemory {
    private static let name = "panes.json"

    static func load() -> SplitMoves {
        let saved = StateFolder.load([String: Int].self, from: name) ?? [:]
        return SplitMoves(
            uniqueKeysWithValues: saved.compactMap { name, moved in Split(rawValue: name).map { ($0, moved) } })
    }

    static func save(_ splits: SplitMoves) {
        StateFolder.save(Dictionary(uniqueKeysWithValues: splits.map { ($0.rawValue, $1) }), to: name)
    }
}

extension ExplorerServices {
    /// Keeps what is to be there in the next session.
    mutating func rememberSession() {
        savePrompts = { EnteredTexts.prompts.save($0) }
        saveFilters = { EnteredTexts.filters.save($0) }
        saveShield = { ShieldMemory.save($0) }
        saveSplits = { SplitMemory.save($0) }
        tourBegan = { TourMemory.save() }
    }
}

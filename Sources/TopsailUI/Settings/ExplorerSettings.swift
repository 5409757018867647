import TerminalKit

/// What a person set in `config.toml`. Every setting is optional; options of the command line come before it.
public struct ExplorerSettings: Sendable, Hashable {
    public var theme: Theme.Name?
    /// `auto`, `never`, `16`, `256` or `truecolor`.
    public var color: String?
    public var ascii: Bool?
    public var screen: Screen?
    public var bars: Bool?
    public var mouse: Bool?
    public var contexts: BrowseState.ContextView?
    public var sort: Order?
    public var hide: [String]?
    public var accessible: Bool?

    public init() {}

    /// The order of neurons to begin with.
    public enum Order: Sendable, Hashable {
        /// What suits the question.
        case automatic
        case by(NeuronQuery.Sort)

        static let automaticName = "auto"

        /// - Returns: `nil` for a word that means no order.
        init?(named name: String) {
            guard name != Self.automaticName else {
                self = .automatic
                return
            }
            guard let sort = NeuronQuery.Sort(rawValue: name) else { return nil }
            self = .by(sort)
        }

        var name: String {
            switch self {
            case .automatic: Self.automaticName
            case .by(let sort): sort.rawValue
            }
        }
    }
}

extension ExplorerSettings {
    /// One key of the file: what it may be, what it is without the file, and what it does.
    public struct Key: Sendable {
        public var name: String
        /// As it is written in the file.
        public var standard: String
        public var allowed: [String]
        public var about: String
    }

    /// Everything that can be set, in the order of the commented default.
    public static let keys: [Key] = [
        Key(
            name: "theme", standard: "\"dark\"", allowed: Theme.Name.allCases.map(\.rawValue),
            about: "colours for this background; where it is not set, COLORFGBG decides, else dark"),
        Key(
            name: "color", standard: "\"auto\"", allowed: ["auto", "never", "16", "256", "truecolor"],
            about: "how many colours; auto asks the terminal, NO_COLOR means never"),
        Key(name: "ascii", standard: "false", allowed: ["true", "false"], about: "draw with ASCII signs only"),
        Key(
            name: "screen", standard: "\"browse\"", allowed: Screen.allCases.map { $0.title.lowercased() },
            about: "the screen to begin with"),
        Key(name: "bars", standard: "false", allowed: ["true", "false"], about: "a row of bars under tokens as well"),
        Key(
            name: "mouse", standard: "true", allowed: ["true", "false"],
            about: "whether the mouse moves and selects here"),
        Key(
            name: "contexts", standard: "\"stacked\"", allowed: BrowseState.ContextView.allCases.map { "\($0)" },
            about: "how much of each context: one row, some rows, all"),
        Key(
            name: "sort", standard: "\"auto\"",
            allowed: [Order.automaticName] + NeuronQuery.Sort.allCases.map(\.rawValue),
            about: "the order of neurons to begin with; auto is relevance for words, else evidence"),
        Key(
            name: "hide", standard: "[]", allowed: [],
            about: "categories whose texts stay hidden until they are asked for, e.g. [\"violence\", \"self_harm\"]"),
        Key(
            name: "accessible", standard: "false", allowed: ["true", "false"],
            about: "lines and numbered choices instead of a screen"),
    ]

    /// A file with every key commented out.
    public static var commentedDefault: String {
        let head = "# Topsail's settings. Every key is optional; options of the command line come first.\n"
        return keys.reduce(into: head) { text, key in
            text += "\n# \(key.about)\n"
            if !key.allowed.isEmpty { text += "# one of: \(key.allowed.joined(separator: ", "))\n" }
            text += "# \(key.name) = \(key.standard)\n"
        }
    }

    /// The value of a key as it would be written; `nil` where it is not set.
    public func value(of key: String) -> String? {
        func quoted(_ text: String) -> String { "\"\(text)\"" }
        return switch key {
        case "theme": theme.map { quoted($0.rawValue) }
        case "color": color.map(quoted)
        case "ascii": ascii.map { "\($0)" }
        case "screen": screen.map { quoted($0.title.lowercased()) }
        case "bars": bars.map { "\($0)" }
        case "mouse": mouse.map { "\($0)" }
        case "contexts": contexts.map { quoted("\($0)") }
        case "sort": sort.map { quoted($0.name) }
        case "hide": hide.map { "[\($0.map(quoted).joined(separator: ", "))]" }
        case "accessible": accessible.map { "\($0)" }
        default: nil
        }
    }

    /// Brings a state to what is set.
    public func apply(to state: inout ExplorerState) {
        if let screen { state.screen = screen }
        if let bars { state.showsBars = bars }
        if let mouse { state.isMouseOurs = mouse }
        if let contexts { state.browse.contextView = contexts }
        if case .by(let sort) = sort { state.browse.query.sort = sort }
        if let hide { state.shielded = Set(hide) }
    }
}

import TerminalKit
import TopsailEngine

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
    /// Tokens of an answer at most.
    public var answerTokens: Int?
    public var temperature: Float?
    public var seed: UInt64?
    public var accessible: Bool?
    /// Keys by action. They go together: the file that has them was refused otherwise.
    public internal(set) var chords: [Action: [KeyChord]] = [:]

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
        /// What it takes, in words, where that is no choice of a few.
        public var wanted: String?
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
            about: "categories whose texts stay hidden until they are asked for, e.g. [\"violence\", \"self_harm\"]",
            wanted: "a list of strings, e.g. [\"violence\"]"),
        Key(
            name: "answer_tokens", standard: "\(AnswerOptions().maxTokens)", allowed: [],
            about: "tokens of an answer at most; + goes on with one that was cut",
            wanted: "a whole number from 1 to \(AnswerOptions.tokenBounds.upperBound)"),
        Key(
            name: "temperature", standard: AnswerOptions.figure(AnswerOptions().temperature), allowed: [],
            about: "how much answers vary: 0 takes the likeliest token every time, 1 draws as the model says",
            wanted: "a number from 0 to 10"),
        Key(
            name: "seed", standard: "\(AnswerOptions().seed)", allowed: [],
            about: "answers with the same seed are the same; it has no part at temperature 0", wanted: "a whole number"),
        Key(
            name: "accessible", standard: "false", allowed: ["true", "false"],
            about: "lines and numbered choices instead of a screen"),
    ]

    /// A file with every key commented out.
    public static var commentedDefault: String {
        let head = "# Topsail's settings. Every key is optional; options of the command line come first.\n"
        let settings = keys.reduce(into: head) { text, key in
            text += "\n# \(key.about)\n"
            if !key.allowed.isEmpty { text += "# one of: \(key.allowed.joined(separator: ", "))\n" }
            text += "# \(key.name) = \(key.standard)\n"
        }
        return settings + "\n" + commentedKeys
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
        case "answer_tokens": answerTokens.map { "\($0)" }
        case "temperature": temperature.map { AnswerOptions.figure($0) }
        case "seed": seed.map { "\($0)" }
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
        if let answerTokens { state.live.sampling.maxTokens = answerTokens }
        if let temperature { state.live.sampling.temperature = temperature }
        if let seed { state.live.sampling.seed = seed }
        state.keys = state.keys.remapped(chords)
    }
}

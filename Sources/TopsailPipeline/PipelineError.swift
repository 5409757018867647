import TopsailCore

/// What keeps a stage of the pipeline from running. Files that cannot be read throw the errors of `TopsailFiles`.
public enum PipelineError: UserFacingError, Hashable {
    /// A line of a JSON Lines file is not what it should be. `line` counts from 1.
    case badLine(path: String, line: Int, problem: String)
    case empty(path: String, what: String)
    /// A harmful prompt does not say what it is an example of.
    case promptWithoutConcept(path: String, id: String)
    /// A journal was begun with other settings, so its documents must not be mixed with new ones.
    case otherSettings(journal: String)
    case checksum(path: String, expected: String, found: String)
    /// Stored activations belong to another corpus.
    case otherActivations(path: String, rows: Int, expected: Int)
    case unwritable(path: String)
    case tooFewTokens(found: Int, needed: Int, what: String)

    public var description: String {
        switch self {
        case .badLine(let path, let line, let problem): "\(path), line \(line): \(problem)"
        case .empty(let path, let what): "\(path) holds no \(what)"
        case .promptWithoutConcept(let path, let id): "\(path): the harmful prompt \"\(id)\" has no \"concept\""
        case .otherSettings(let journal): "\(journal) was begun with another model, other seeds or other settings"
        case .checksum(let path, let expected, let found):
            "\(path) has the checksum \(found.prefix(12))…, its manifest says \(expected.prefix(12))…"
        case .otherActivations(let path, let rows, let expected):
            "\(path) holds \(rows) activations, the documents have \(expected) counted tokens"
        case .unwritable(let path): "\(path) cannot be written"
        case .tooFewTokens(let found, let needed, let what): "\(what) has \(found) tokens, \(needed) are needed"
        }
    }

    public var hint: String? {
        switch self {
        case .otherSettings: "give another output folder, or delete the journal to begin anew"
        case .otherActivations: "delete its folder to have them computed anew"
        case .promptWithoutConcept: "add \"concept\" to it, such as \"cyber.phishing\""
        case .checksum: "make the file again, or take it from the repository"
        case .badLine, .empty, .unwritable, .tooFewTokens: nil
        }
    }
}

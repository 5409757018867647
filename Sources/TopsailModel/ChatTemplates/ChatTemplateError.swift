import TopsailCore

/// Why a chat template cannot be read, or a conversation cannot be written with it. Lines are the template's, from 1.
public enum ChatTemplateError: UserFacingError, Hashable {
    /// The template is not well formed.
    case syntax(line: Int, problem: String)
    /// The template does something that Jinja or Python refuses.
    case failed(line: Int, problem: String)
    /// The template uses something of Jinja that is not there here.
    case unsupported(line: Int, construct: String)
    /// The template runs too long, nests too deeply or writes too much.
    case tooCostly(line: Int, problem: String)
    /// The template refuses the conversation, with its own words.
    case refused(message: String)
    /// There are several templates under names, none of them `default`.
    case noDefault(path: String, names: [String])
    /// The file that should hold the template cannot be read.
    case unreadable(path: String, problem: String)

    public var description: String {
        switch self {
        case .syntax(let line, let problem): "line \(line) of the chat template is not well formed: \(problem)"
        case .failed(let line, let problem): "the chat template fails at line \(line): \(problem)"
        case .unsupported(let line, let construct):
            "line \(line) of the chat template uses what is not supported: \(construct)"
        case .tooCostly(let line, let problem): "the chat template was stopped at line \(line): \(problem)"
        case .refused(let message): "the chat template refuses the conversation: \(message)"
        case .noDefault(let path, let names):
            "\(path): no chat template is named default (there are: \(names.joined(separator: ", ")))"
        case .unreadable(let path, let problem): "\(path): \(problem)"
        }
    }

    public var hint: String? {
        if case .refused = self { nil } else { "leave out --chat and write the prompt as plain text" }
    }
}

extension ChatTemplateError {
    init(_ failure: JinjaFailure, line: Int) {
        self =
            switch failure {
            case .syntax(let line, let problem): .syntax(line: line, problem: problem)
            case .failed(let problem): .failed(line: line, problem: problem)
            case .unsupported(let construct): .unsupported(line: line, construct: construct)
            case .limit(let problem): .tooCostly(line: line, problem: problem)
            case .refused(let message): .refused(message: message)
            }
    }
}

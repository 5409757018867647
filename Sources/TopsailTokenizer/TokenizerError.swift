import TopsailCore

/// Why a tokenizer could not be built from a file.
public struct TokenizerError: UserFacingError, Hashable {
    public enum Reason: Sendable, Hashable {
        /// A component or variant that is not read here, e.g. `("pre_tokenizer", "Metaspace")`.
        case unsupported(component: String, name: String)
        /// A setting the tokenizer cannot do without is absent or of the wrong type.
        case missing(String)
        /// An entry contradicts the rest or cannot be read, e.g. `("model.merges[5]", "has one part instead of two")`.
        case badEntry(place: String, problem: String)
        /// The file is absent or the system refuses to read it.
        case unreadable(String)
        /// A folder without any of the files that tokenizers come in.
        case noTokenizer
        /// Not strict JSON; `offset` counts bytes from the start.
        case notJSON(offset: Int, problem: String)
    }

    /// The file, as it was given to the loader.
    public var path: String
    public var reason: Reason

    public init(path: String, reason: Reason) {
        self.path = path
        self.reason = reason
    }

    public var description: String {
        let explanation =
            switch reason {
            case .unsupported(let component, let name): "\(component) \(name) is not supported"
            case .missing(let key): "the tokenizer setting \(key) is missing or of the wrong type"
            case .badEntry(let place, let problem): "\(place) \(problem)"
            case .unreadable(let why): why
            case .noTokenizer: "this folder has no tokenizer.json, tokenizer.model, .tiktoken file or vocab.json"
            case .notJSON(let offset, let problem): "this is not valid JSON: \(problem) at byte \(offset)"
            }
        return PrintableText.printable("\(path): \(explanation)")
    }

    public var hint: String? {
        guard case .unsupported = reason else { return nil }
        return "BPE and Unigram tokenizers are read from tokenizer.json, GGUF, SentencePiece, tiktoken and vocab.json;"
            + " a tokenizer.json saved by a recent transformers is the surest form."
    }
}

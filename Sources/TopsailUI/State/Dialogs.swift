import TerminalKit
import TopsailCore
import TopsailEngine

/// One line being typed: a path, or a short text.
public struct LineDialog: Sendable {
    public enum Purpose: Sendable, Hashable {
        /// A JSON Lines file of contrast pairs.
        case pairs
        /// A checkpoint file or folder.
        case checkpoint
        /// The system message of the chat template.
        case systemMessage
        /// The name of a list to put neurons on.
        case list([NeuronKey])
        /// A JSON Lines or text file of prompts.
        case prompts
        /// The same, to read them all.
        case batch
        /// The name to keep a filter under.
        case queryName(filter: String)
        /// Length, temperature and seed of answers.
        case sampling
    }

    public var purpose: Purpose
    public var editor: TextEditor
    /// What Tab found, until something else is typed.
    public var completions: String?

    init(_ purpose: Purpose, text: String) {
        self.purpose = purpose
        editor = TextEditor(text, isSingleLine: true)
    }

    /// Whether a path is being typed, which Tab completes.
    var takesPath: Bool {
        switch purpose {
        case .pairs, .checkpoint, .prompts, .batch: true
        case .systemMessage, .list, .queryName, .sampling: false
        }
    }

    var title: String {
        switch purpose {
        case .pairs: "Open contrast pairs"
        case .checkpoint: "Open an SAE checkpoint"
        case .systemMessage: "System message"
        case .list(let keys): "Put \(keys.count == 1 ? "the neuron" : "\(keys.count) neurons") on a list"
        case .prompts: "Open prompts"
        case .batch: "Read a file of prompts"
        case .queryName: "Save the filter"
        case .sampling: "How answers are written"
        }
    }

    var placeholder: String {
        switch purpose {
        case .pairs: "a JSON Lines file of concept, present, absent"
        case .checkpoint: "a file or folder in any known layout"
        case .systemMessage: "the template's own"
        case .list: "a new or known name"
        case .prompts, .batch: "JSON Lines, or one prompt a line"
        case .queryName: "a name"
        case .sampling: "tokens 160  temperature 0  seed 0"
        }
    }

    /// - Parameter undo: The key that takes back what is done here.
    func words(undo: String) -> String {
        switch purpose {
        case .pairs: "an empty path goes back to the program's and your own pairs"
        case .checkpoint: "widths and hook are checked at once; nothing is copied"
        case .systemMessage: "an empty text keeps what the template says itself"
        case .list: "\(undo) undoes; the list appears in the tree"
        case .prompts: "you choose one; the others wait in the history (Up)"
        case .batch: "all of them, one after the other; you can go on meanwhile"
        case .queryName(let filter): PrintableText.printable(filter)
        case .sampling: "until Topsail ends; config.toml keeps answer_tokens, temperature, seed"
        }
    }
}

/// A contrast pair being written.
public struct PairDialog: Sendable {
    public enum Field: Int, Sendable, Hashable, CaseIterable {
        case concept, present, absent
    }

    public var field: Field
    public var concept, present, absent: TextEditor
    /// The pair that is being changed; `nil` for a new one.
    public var replaced: PromptPair?

    init(concept: String, replacing old: PromptPair?) {
        self.concept = TextEditor(old?.concept ?? concept, isSingleLine: true)
        present = TextEditor(old?.present ?? "")
        absent = TextEditor(old?.absent ?? "")
        replaced = old
        field = concept.isEmpty ? .concept : .present
    }

    subscript(field: Field) -> TextEditor {
        get {
            switch field {
            case .concept: concept
            case .present: present
            case .absent: absent
            }
        }
        set {
            switch field {
            case .concept: concept = newValue
            case .present: present = newValue
            case .absent: absent = newValue
            }
        }
    }

    /// The pair as written; `nil` while something is missing.
    var pair: PromptPair? {
        func trimmed(_ editor: TextEditor) -> String { editor.text.trimmingBlanks }
        let pair = PromptPair(
            concept: trimmed(concept), present: trimmed(present), absent: trimmed(absent), isOwn: true)
        return pair.concept.isEmpty || pair.present.isEmpty || pair.absent.isEmpty ? nil : pair
    }

    /// Whether both prompts were emptied, which takes a pair away.
    var isEmptied: Bool { present.text.trimmingBlanks.isEmpty && absent.text.trimmingBlanks.isEmpty }
}

extension String {
    /// Without blanks and line ends at either end.
    var trimmingBlanks: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// As one word of a shell command.
    var shellQuoted: String {
        let isPlain =
            !isEmpty
            && unicodeScalars.allSatisfy { scalar in
                scalar.isASCII
                    && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                        || "._-/:+@%=".unicodeScalars.contains(scalar))
            }
        return isPlain ? self : "'" + replacing("'", with: "'\\''") + "'"
    }
}

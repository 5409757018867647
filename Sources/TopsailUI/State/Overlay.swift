import TerminalKit
import TopsailCatalog

/// What lies over the screen and has the keys.
public enum Overlay: Sendable {
    case choice(Choice)
    case writing(WritingDialog)
    case export(ExportDialog)
    /// The session's messages, newest last; the value is the number of rows scrolled up from the end.
    case messages(scroll: Int)
    case line(LineDialog)
    case pair(PairDialog)
    case jobs(ListCursor)
    /// What fired on the prompts of a file.
    case batch(ListCursor)
    /// The session as commands.
    case commands(ListCursor)
}

/// A list to type into and choose from: commands, keys, categories, neighbours.
public struct Choice: Sendable {
    public enum Purpose: Sendable, Hashable {
        case palette, help
        case tags([NeuronKey])
        case neighbours
        case copy
        /// Prompts of a file.
        case prompts
        /// A person's filters by name.
        case queries
        /// Neurons behind a category's score, by its slug.
        case evidence(String)
        /// What to do with text pasted outside of an editor.
        case paste(String)
    }

    /// What is done when an item is chosen.
    public enum Value: Sendable, Hashable {
        case action(Action)
        case tag(String, isOn: Bool)
        case neuron(NeuronKey)
        case copy(String, what: String)
        case usePrompt(String)
        case query(SavedQuery)
        case dismiss
    }

    public struct Item: Sendable {
        public var value: Value
        public var shown: Picker.Item
        /// Paragraphs for the pane beside the list.
        public var about: [String]

        init(
            _ value: Value, _ title: String, note: String = "", keywords: String = "", about: [String] = [],
            unavailable: String? = nil
        ) {
            self.value = value
            shown = Picker.Item(title, note: note, keywords: keywords, disabledReason: unavailable)
            self.about = about
        }
    }

    public var purpose: Purpose
    public var title: String
    public var items: [Item]
    public var picker: Picker

    /// - Parameter query: What is typed to begin with.
    init(_ purpose: Purpose, title: String, items: [Item], query: String = "") {
        self.purpose = purpose
        self.title = title
        self.items = items
        picker = Picker(items.map(\.shown), query: query)
    }

    public var selected: Item? { picker.selection.map { items[$0] } }
    /// While nothing is typed, lists that are read rather than searched close with `q`.
    func closes(with chord: KeyChord) -> Bool {
        switch purpose {
        case .palette: chord == "Backspace"
        case .tags: false
        case .help, .neighbours, .copy, .evidence, .paste, .prompts, .queries: chord == "q"
        }
    }

    /// The neuron that was typed into the palette: `2424`, `14_1424` or `sae-name/1424`.
    var namedNeuron: String? {
        let text = picker.query.text
        guard purpose == .palette, let last = text.split(separator: "/").last, text.last?.isNumber == true,
            last.allSatisfy({ $0.isNumber || $0 == "_" })
        else { return nil }
        return text
    }

    /// What stands below the list about what Enter would do.
    var aboutSelected: [String] {
        namedNeuron.map { ["Enter goes to neuron \($0).", "Shell: topsail neuron \($0)"] } ?? selected?.about ?? []
    }

    /// Whether a second pane says more about the selected item.
    public var hasAbout: Bool { items.contains { !$0.about.isEmpty } }
}

/// A text being written about a neuron.
public struct WritingDialog: Sendable {
    public enum Subject: Sendable, Hashable {
        case explanation, note
    }

    public var subject: Subject
    public var key: NeuronKey
    /// The person's own text so far.
    public var original: String
    /// What a machine says; shown while nothing is written, and taken over by Tab.
    public var suggestion: String
    public var editor: TextEditor

    init(_ subject: Subject, of key: NeuronKey, text: String, suggestion: String = "") {
        self.subject = subject
        self.key = key
        original = text
        self.suggestion = suggestion
        editor = TextEditor(text)
    }
}

/// Which neurons go where, in which format.
public struct ExportDialog: Sendable {
    public enum Field: Int, Sendable, Hashable, CaseIterable {
        case format, path
    }

    public var selection: ExportRequest.Selection
    /// How many neurons that is.
    public var count: Int
    public var format = ExportRequest.Format.csv
    public var path: TextEditor
    public var field = Field.format

    init(selection: ExportRequest.Selection, count: Int) {
        self.selection = selection
        self.count = count
        path = TextEditor("topsail-neurons.csv", isSingleLine: true)
    }

    public var request: ExportRequest { ExportRequest(format: format, path: path.text, selection: selection) }

    /// Takes the format that stands so many places on.
    mutating func step(by offset: Int) {
        let all = ExportRequest.Format.allCases
        choose(all[(all.firstIndex(of: format)! + offset + all.count) % all.count])
    }

    /// Takes a format; the file's name follows as long as its ending was the format's.
    mutating func choose(_ next: ExportRequest.Format) {
        let ending = "." + format.fileExtension
        if path.text.hasSuffix(ending) {
            path.text = String(path.text.dropLast(ending.count)) + "." + next.fileExtension
        }
        format = next
    }
}

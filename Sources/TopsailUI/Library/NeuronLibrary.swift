import TopsailCatalog
import TopsailCore

/// Where the explorer reads neurons from and writes annotations to.
///
/// `CatalogLibrary` is the real one. Calls run off the main actor; cancelling the task ends the query.
public protocol NeuronLibrary: Sendable {
    func summary() async throws -> LibrarySummary
    func categories() async throws -> CategoryCounts
    /// A stretch of the query's result.
    ///
    /// - Parameter anchor: A neuron whose place in the result is wanted too, so that it can stay selected.
    func page(of query: NeuronQuery, rows: Range<Int>, anchor: NeuronKey?) async throws -> NeuronPage
    func profile(of key: NeuronKey) async throws -> NeuronProfile
    /// What is said about the neurons; those without a word may be missing from the answer.
    func labels(of keys: [NeuronKey]) async throws -> [NeuronKey: NeuronLabel]
    /// Finds a neuron by what a person typed: `2424`, `14_1424`, `sae-name/1424`.
    ///
    /// - Parameter sae: The SAE that a bare index is meant in.
    func find(_ text: String, in sae: String?) async throws -> NeuronKey

    /// Puts a person's tag on neurons or takes it off, as one step of the journal.
    func setTag(_ slug: String, on keys: [NeuronKey], isOn: Bool) async throws
    /// An empty text takes a person's explanation away.
    func setExplanation(_ text: String, of key: NeuronKey) async throws
    /// An empty text takes the note away.
    func setNote(_ text: String, of key: NeuronKey) async throws
    /// Puts neurons on a person's list, which is made when it is not there, as one step of the journal.
    func add(_ keys: [NeuronKey], toList name: String) async throws
    /// A person's filters by name.
    func savedQueries() async throws -> [SavedQuery]
    /// Keeps a filter, in the place of an earlier one of that name.
    func save(_ query: SavedQuery) async throws
    func removeQuery(named name: String) async throws
    /// Undoes the last change by a person; the sentence says which, `nil` when there is none.
    func undo() async throws -> String?
    /// Does again what was undone last; the sentence says what, `nil` when there is nothing.
    func redo() async throws -> String?
    /// Writes neurons to a file, beside and renamed.
    ///
    /// - Returns: Number of neurons written.
    func export(_ request: ExportRequest) async throws -> Int
}

/// What the export dialog asks for.
public struct ExportRequest: Sendable, Hashable {
    public enum Format: String, Sendable, Hashable, CaseIterable {
        case csv, jsonl, markdown, html

        public var fileExtension: String { self == .markdown ? "md" : rawValue }
    }

    public enum Selection: Sendable, Hashable {
        /// Everything that the table shows.
        case query(NeuronQuery)
        case neurons([NeuronKey])
    }

    public var format: Format
    public var path: String
    public var selection: Selection

    public init(format: Format, path: String, selection: Selection) {
        self.format = format
        self.path = path
        self.selection = selection
    }

    /// The command that writes the same file.
    ///
    /// - Parameter name: How commands call a neuron.
    func command(name: (NeuronKey) -> String) -> String {
        let chosen =
            switch selection {
            case .query(let query): query.arguments
            case .neurons(let keys): ["--neuron " + keys.map { name($0).shellQuoted }.joined(separator: " ")]
            }
        return (["topsail export \(format.rawValue) --output \(path.shellQuoted)"] + chosen).joined(separator: " ")
    }
}

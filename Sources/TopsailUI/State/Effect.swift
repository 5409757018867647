import TopsailCatalog
import TopsailEngine

/// Work that a state asks for; `ExplorerRuntime` does it and answers with events.
public enum Effect: Sendable, Hashable {
    case loadSummary
    case loadCategories
    /// A later one with another generation replaces it.
    case loadPage(NeuronQuery, rows: Range<Int>, anchor: NeuronKey?, generation: Int)
    /// A later one replaces it.
    case loadProfile(NeuronKey, generation: Int)
    /// The keys of all rows, to be marked.
    case loadMarks(NeuronQuery, generation: Int)
    case loadLabels([NeuronKey])
    case find(String, sae: String?)

    case setTag(String, label: String, on: [NeuronKey], isOn: Bool)
    case setExplanation(String, of: NeuronKey)
    case setNote(String, of: NeuronKey)
    case addToList(String, [NeuronKey])
    case loadQueries
    case saveQuery(SavedQuery)
    case removeQuery(String)
    case undo, redo
    case export(ExportRequest)

    case prepareModel
    /// Debounced; a later one replaces it.
    case report(LiveRequest, generation: Int)
    /// Forgets a report under way.
    case cancelReport
    case answer(LiveRequest, AnswerOptions, generation: Int)
    case stopAnswer
    /// Every prompt of a file, read like the request; a later one replaces it.
    case readBatch(String, as: LiveRequest, generation: Int)

    case copy(String, what: String)
    /// What is on the screen, to a new file.
    case saveScreen(String)
    case savePrompts([String])
    /// Filters for the next session, oldest first.
    case saveFilters([String])
    /// Prompts of a file, to choose from.
    case loadPrompts(String)
    /// What a path that is being typed can go on with.
    case completePath(String)

    /// `nil`: the program's and a person's own.
    case loadPairs(file: String?)
    case keepPairs([PromptPair])
    /// A later one replaces it.
    case contrast([PromptPair], generation: Int)
    case loadCheckpoints
    case openCheckpoint(String)
    case loadDensities(String)
    /// A later one replaces it; likewise `compare`.
    case checkFit(CheckpointEntry)
    case compare(CheckpointEntry, CheckpointEntry)
    case stop(Job.Kind)
    /// Remembers which categories' texts are hidden.
    case saveShield([String])
    /// Remembers where borders between panes were moved.
    case saveSplits(SplitMoves)
    /// Remembers that the tour was begun.
    case tourBegan

    case setMouse(Bool)
    case redraw, suspend, quit
}

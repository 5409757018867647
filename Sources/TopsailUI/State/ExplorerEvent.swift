import TerminalKit
import TopsailCatalog
import TopsailEngine

/// Something that may change what the explorer shows.
public enum ExplorerEvent: Sendable {
    case input(InputEvent)
    /// Time since the start. Sent before other events and while something on the screen ages.
    case time(Duration)

    case summary(LibrarySummary)
    case categories(CategoryCounts)
    /// Answers `loadPage` with the same generation.
    case page(NeuronPage, generation: Int)
    /// Answers `loadProfile` with the same generation.
    case profile(NeuronProfile, generation: Int)
    /// Answers `loadMarks` with the same generation.
    case marks([NeuronKey], generation: Int)
    case labels([NeuronKey: NeuronLabel])
    /// Answers `find`.
    case found(NeuronKey)
    /// A person's filters, to choose from.
    case queries([SavedQuery])
    /// An annotation was written, undone or redone; the sentence says which, without how to undo it.
    case annotated(String, isUndoable: Bool = false)
    case exported(count: Int, path: String)
    case savedScreen(path: String)
    /// The route that the copy took, such as `tmux`.
    case copied(what: String, route: String)

    case prepared(LiveStatus)
    case report(LiveReport, generation: Int)
    case prompts([String], file: String)
    /// Answers `completePath`.
    case pathCompleted(PathCompletion)
    case batch(BatchStep, generation: Int)
    case pairs([PromptPair], file: String?)
    case contrast(ContrastEvent, generation: Int)
    case contrastEnded(generation: Int)
    case checkpoints([CheckpointEntry])
    case checkpointOpened(CheckpointEntry)
    case densities(String, DensityDistribution)
    case fit(FitReport)
    case compared(CheckpointComparison)
    case answer(AnswerEvent, generation: Int)
    /// Something went wrong; `effect` is what was being done.
    case failed(String, hint: String?, during: Effect)
}

import TopsailCore
import TopsailEngine

/// What the explorer needs from the rest of the program.
public struct ExplorerServices: Sendable {
    public var neuronLibrary: any NeuronLibrary
    public var live: any LiveService
    public var contrast: any ContrastService
    public var checkpoints: any CheckpointService
    /// Puts text on the clipboard and says by which route: `via tmux`, `to ~/copy.txt`.
    public var copy: @Sendable (String) async throws -> String
    /// Keeps prompts for the next session, oldest first.
    public var savePrompts: @Sendable ([String]) -> Void
    /// Keeps filters for the next session, oldest first.
    public var saveFilters: @Sendable ([String]) -> Void
    /// Keeps which categories' texts are hidden for the next session.
    public var saveShield: @Sendable ([String]) -> Void
    /// Keeps where borders between panes were moved for the next session.
    public var saveSplits: @Sendable (SplitMoves) -> Void
    /// Remembers that the tour was begun, so that it does not begin by itself again.
    public var tourBegan: @Sendable () -> Void

    public init(
        library: any NeuronLibrary, live: any LiveService, contrast: any ContrastService = NoExperiments(),
        checkpoints: any CheckpointService = NoExperiments(),
        copy: @escaping @Sendable (String) async throws -> String,
        savePrompts: @escaping @Sendable ([String]) -> Void = { _ in },
        saveFilters: @escaping @Sendable ([String]) -> Void = { _ in },
        saveShield: @escaping @Sendable ([String]) -> Void = { _ in },
        saveSplits: @escaping @Sendable (SplitMoves) -> Void = { _ in }, tourBegan: @escaping @Sendable () -> Void = {}
    ) {
        neuronLibrary = library
        self.live = live
        self.contrast = contrast
        self.checkpoints = checkpoints
        self.copy = copy
        self.savePrompts = savePrompts
        self.saveFilters = saveFilters
        self.saveShield = saveShield
        self.saveSplits = saveSplits
        self.tourBegan = tourBegan
    }
}

/// Stands in for a model where SAEs have none: they read images, proteins or users. That is no failure.
public struct NoLanguageModel: LiveService {
    private let reason: any UserFacingError

    /// - Parameter reason: Says which SAEs.
    public init(_ reason: any UserFacingError) { self.reason = reason }

    public func prepare() async throws -> LiveStatus {
        LiveStatus(
            modelName: TitleLine.noLanguageModel, saes: [], hasChatTemplate: false, absence: reason.description)
    }

    public func report(on request: LiveRequest) async throws -> LiveReport { throw reason }

    public func answer(to request: LiveRequest, options: AnswerOptions) -> AsyncThrowingStream<AnswerEvent, any Error> {
        AsyncThrowingStream { $0.finish(throwing: reason) }
    }
}

/// Stands in for a model that is not there.
public struct NoModel: LiveService {
    /// Says why, and what to do.
    public struct Reason: UserFacingError {
        public var description: String
        public var hint: String?

        public init(_ description: String, hint: String? = nil) {
            self.description = description
            self.hint = hint
        }
    }

    private let reason: any UserFacingError

    public init(_ reason: any UserFacingError) { self.reason = reason }

    public func prepare() async throws -> LiveStatus { throw reason }
    public func report(on request: LiveRequest) async throws -> LiveReport { throw reason }

    public func answer(to request: LiveRequest, options: AnswerOptions) -> AsyncThrowingStream<AnswerEvent, any Error> {
        AsyncThrowingStream { $0.finish(throwing: reason) }
    }
}

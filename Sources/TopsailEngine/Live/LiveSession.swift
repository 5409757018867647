import Synchronization
import TopsailAnalysis
import TopsailCatalog
import TopsailCore
import TopsailModel
import TopsailSAE

/// Where a live session finds its model and SAEs.
public struct LiveSources: Sendable {
    public struct Checkpoint: Sendable {
        /// The SAE's name in the catalog.
        public var name: String
        public var path: String

        public init(name: String, path: String) {
            self.name = name
            self.path = path
        }
    }

    public var modelName: String
    public var modelPath: String
    public var saes: [Checkpoint]
    public var precision: Precision
    /// How categories are scored, read when the model is opened; `nil` leaves it to a rule of thumb.
    public var assessment: AssessmentFile?

    public init(
        modelName: String, modelPath: String, saes: [Checkpoint], precision: Precision = .fast,
        assessment: AssessmentFile? = nil
    ) {
        self.modelName = modelName
        self.modelPath = modelPath
        self.saes = saes
        self.precision = precision
        self.assessment = assessment
    }
}

/// The model behind the live screen and the `encode` command: opened when first needed, kept until the session goes.
///
/// Prompts and answers have model states of their own, so a prompt can be read while an answer is being written.
public actor LiveSession: LiveService {
    private let thread = EngineThread(label: "topsail.live")
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private nonisolated let sources: LiveSources
    private nonisolated let catalog: Catalog?
    /// The newest report asked for; an older one that still runs stops at the next layer.
    private nonisolated let newest = Atomic<Int>(0)
    private var loaded: LiveModel?

    /// - Parameter catalog: Labels, normalisers and tags; without it activations stay raw.
    public init(_ sources: LiveSources, catalog: Catalog?) {
        self.sources = sources
        self.catalog = catalog
    }

    public func prepare() async throws -> LiveStatus {
        let loaded = try load()
        return LiveStatus(
            modelName: sources.modelName, saes: loaded.saes, hasChatTemplate: loaded.model.chatTemplate != nil)
    }

    public nonisolated func report(on request: LiveRequest) async throws -> LiveReport {
        let number = newest.add(1, ordering: .relaxed).newValue
        return try await report(on: request) { self.newest.load(ordering: .relaxed) != number }
    }

    public func fullReport(on request: LiveRequest) async throws -> LiveReport {
        try await report(on: request) { false }
    }

    /// The catalog's labels and normalisers have changed: a tag was added, an explanation written.
    public func catalogChanged() throws {
        if let catalog { try loaded?.refresh(from: catalog) }
    }

    public nonisolated func answer(
        to request: LiveRequest, options: AnswerOptions
    ) -> AsyncThrowingStream<AnswerEvent, any Error> {
        AsyncThrowingStream { events in
            let work = Task {
                do {
                    try await self.write(answerTo: request, options: options, into: events)
                    events.finish()
                } catch {
                    events.finish(throwing: error)
                }
            }
            events.onTermination = { _ in work.cancel() }
        }
    }

    private func load() throws -> LiveModel {
        if let loaded { return loaded }
        let fresh = try LiveModel(sources, catalog: catalog)
        loaded = fresh
        return fresh
    }

    private func report(
        on request: LiveRequest, isStale: @escaping @Sendable () -> Bool
    ) async throws -> LiveReport {
        if isStale() { throw CancellationError() }
        let clock = ContinuousClock()
        let start = clock.now
        let loaded = try load()
        let text = try request.readable(by: loaded.model, limit: loaded.prompt.capacity)
        let result = try loaded.prompt.read(text.tokens, logits: request.wantsSurprisal ? .all : .none) {
            Task.isCancelled || isStale()
        }
        let reused = result.firstComputed
        var tokens = loaded.tokens(text, features: loaded.prompt.features)
        if request.wantsSurprisal {
            let surprisals = Surprisal.ofFollowing(result.takeLogits(), tokens: text.tokens)
            for index in tokens.indices { tokens[index].surprisal = surprisals[index] }
        }
        return LiveReport(
            saes: loaded.saes, tokens: tokens, categories: loaded.meter.scores(tokens), reusedTokens: reused,
            elapsed: clock.now - start)
    }

    private func write(
        answerTo request: LiveRequest, options: AnswerOptions,
        into events: AsyncThrowingStream<AnswerEvent, any Error>.Continuation
    ) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let loaded = try load()
        let encoder = try loaded.answerEncoder()
        var text = try request.readable(by: loaded.model, limit: encoder.capacity)
        text.append(options.written, origin: .answer, isSpecial: loaded.model.tokenizer.isSpecial)
        let isCancelled = { Task.isCancelled }
        let reading = try encoder.read(text.tokens, logits: .all, isCancelled: isCancelled)
        let reused = reading.firstComputed
        var logits = reading.takeLogits()
        var surprisals = Surprisal.ofFollowing(logits, tokens: text.tokens)
        var tokens = loaded.tokens(text, features: encoder.features)
        for index in tokens.indices { tokens[index].surprisal = surprisals[index] }
        events.yield(
            .prompt(
                LiveReport(
                    saes: loaded.saes, tokens: tokens, categories: loaded.meter.scores(tokens), reusedTokens: reused,
                    elapsed: clock.now - start)))

        var sampler = Sampler(
            SamplingOptions(temperature: options.temperature, topP: options.topP), seed: options.seed)
        // What was drawn for the written part is drawn again, so that what follows is what would have followed then.
        for position in text.count - options.written.count..<text.count { _ = sampler.next(logits.row(position - 1)) }
        for _ in 0..<options.maxTokens {
            try Task.checkCancellation()
            let row = logits.row(logits.rows - 1)
            let token = sampler.next(row)
            if loaded.model.endTokens.contains(token) {
                events.yield(.finished(endOfTurn: true))
                return
            }
            surprisals = [Surprisal.of(token, row)]
            logits = try encoder.append(token, isCancelled: isCancelled)
            tokens.append(
                loaded.token(
                    token, origin: .answer, isCounted: !loaded.model.tokenizer.isSpecial(token),
                    features: encoder.features.map { $0.last ?? [] }, surprisal: surprisals[0]))
            events.yield(.token(tokens[tokens.count - 1], categories: loaded.meter.scores(tokens)))
            // Lets a prompt be read in between.
            await Task.yield()
        }
        events.yield(.finished(endOfTurn: false))
    }
}

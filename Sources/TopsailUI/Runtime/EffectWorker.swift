import TopsailCore
import TopsailEngine

/// Does the work that states ask for, off the main actor, and counts what is under way.
@MainActor
final class EffectWorker {
    /// Takes the answers.
    var deliver: @MainActor (ExplorerEvent) -> Void = { _ in }

    private let services: ExplorerServices
    private let reportDelay: Duration
    private let restDelay: Duration
    private let clock = ContinuousClock()
    private var lastProfile: ContinuousClock.Instant?
    private var running: [Int: Task<Void, Never>] = [:]
    private var nextNumber = 0
    private var idleWaiters: [CheckedContinuation<Void, Never>] = []

    /// Work of which only the last request counts.
    private enum Slot: Hashable {
        case page, profile, report, answer, batch, contrast, fit, comparison, export, densities
    }
    private var slots: [Slot: [Task<Void, Never>]] = [:]
    private var pageGeneration = 0
    /// The last write; the next one waits for it, so that they happen in the order of the keys.
    private var lastWrite: Task<Void, Never>?

    init(services: ExplorerServices, reportDelay: Duration, restDelay: Duration) {
        self.services = services
        self.reportDelay = reportDelay
        self.restDelay = restDelay
    }

    func waitUntilIdle() async {
        guard !running.isEmpty else { return }
        await withCheckedContinuation { idleWaiters.append($0) }
    }

    func cancelAll() { for task in running.values { task.cancel() } }

    func perform(_ effect: Effect) {
        let services = services
        let library = services.neuronLibrary
        switch effect {
        case .loadSummary: begin(effect) { .summary(try await library.summary()) }
        case .loadCategories: begin(effect) { .categories(try await library.categories()) }
        case .loadPage(let query, let rows, let anchor, let generation):
            if generation != pageGeneration { cancel(.page) }
            pageGeneration = generation
            begin(effect, in: .page) {
                .page(try await library.page(of: query, rows: rows, anchor: anchor), generation: generation)
            }
        case .loadProfile(let key, let generation):
            cancel(.profile)
            let delay = profileDelay()
            begin(effect, in: .profile) {
                try await Task.sleep(for: delay)
                return .profile(try await library.profile(of: key), generation: generation)
            }
        case .loadMarks(let query, let generation):
            begin(effect) {
                let page = try await library.page(of: query, rows: 0..<ExplorerState.markLimit, anchor: nil)
                return .marks(page.rows.map(\.key), generation: generation)
            }
        case .loadLabels(let keys): begin(effect) { .labels(try await library.labels(of: keys)) }
        case .find(let text, let sae): begin(effect) { .found(try await library.find(text, in: sae)) }
        case .export(let request):
            begin(effect, in: .export) { .exported(count: try await library.export(request), path: request.path) }
        case .prepareModel: begin(effect) { .prepared(try await services.live.prepare()) }
        case .report(let request, let generation):
            cancel(.report)
            let delay = reportDelay
            begin(effect, in: .report) {
                try await Task.sleep(for: delay)
                return .report(try await services.live.report(on: request), generation: generation)
            }
        case .cancelReport: cancel(.report)
        case .answer(let request, let options, let generation):
            cancel(.answer)
            answer(effect, to: request, options: options, generation: generation)
        case .stopAnswer: cancel(.answer)
        case .readBatch(let path, let request, let generation):
            cancel(.batch)
            readBatch(effect, at: path, as: request, generation: generation)
        case .copy(let text, let what): begin(effect) { .copied(what: what, route: try await services.copy(text)) }
        case .saveScreen(let text): begin(effect) { .savedScreen(path: try ScreenFile.write(text)) }
        case .savePrompts(let prompts): services.savePrompts(prompts)
        case .saveFilters(let filters): services.saveFilters(filters)
        case .saveSplits(let splits): services.saveSplits(splits)
        case .tourBegan: services.tourBegan()
        case .completePath(let text): begin(effect) { .pathCompleted(PathCompletion(text)) }
        case .loadPrompts(let path): begin(effect) { .prompts(try PromptFile.read(path), file: path) }
        case .loadPairs(let file):
            begin(effect) {
                let found =
                    if let file { try await services.contrast.pairs(at: file) } else {
                        try await services.contrast.pairs()
                    }
                return .pairs(found, file: file)
            }
        case .keepPairs(let own):
            begin(effect) {
                try await services.contrast.keep(own)
                return nil
            }
        case .contrast(let pairs, let generation):
            cancel(.contrast)
            contrast(effect, pairs, generation: generation)
        case .loadCheckpoints: begin(effect) { .checkpoints(try await services.checkpoints.checkpoints()) }
        case .openCheckpoint(let path):
            begin(effect) { .checkpointOpened(try await services.checkpoints.open(path: path)) }
        case .loadDensities(let name):
            cancel(.densities)
            begin(effect, in: .densities) { .densities(name, try await services.checkpoints.densities(of: name)) }
        case .checkFit(let entry):
            cancel(.fit)
            begin(effect, in: .fit) { .fit(try await services.checkpoints.checkFit(of: entry)) }
        case .compare(let first, let second):
            cancel(.comparison)
            begin(effect, in: .comparison) { .compared(try await services.checkpoints.compare(first, with: second)) }
        case .stop(let kind): stop(kind)
        case .saveShield(let slugs): services.saveShield(slugs)
        case .loadQueries:
            let previous = lastWrite
            begin(effect) {
                await previous?.value
                return .queries(try await library.savedQueries())
            }
        case .setTag, .setExplanation, .setNote, .addToList, .saveQuery, .removeQuery, .undo, .redo: write(effect)
        case .setMouse, .redraw, .suspend, .quit: break
        }
    }

    /// A single step shows its neuron at once; while a key is held down, the list moves and the page follows when it rests. A page
    /// is kilobytes to a terminal, a step in the list a few hundred bytes.
    private func profileDelay() -> Duration {
        let now = clock.now
        defer { lastProfile = now }
        guard let lastProfile, now - lastProfile < restDelay else { return .zero }
        return restDelay
    }

    // MARK: Tasks

    private func begin(
        _ effect: Effect, in slot: Slot? = nil, _ work: @escaping @Sendable () async throws -> ExplorerEvent?
    ) {
        launch(in: slot) { [weak self] in
            do {
                guard let event = try await work(), !Task.isCancelled else { return }
                await self?.deliver(event)
            } catch {
                await self?.report(error, during: effect)
            }
        }
    }

    private func launch(in slot: Slot? = nil, _ body: @escaping @Sendable () async -> Void) {
        let number = nextNumber
        nextNumber += 1
        let task = Task.detached(priority: .userInitiated) { [weak self] in
            await body()
            await self?.ended(number)
        }
        running[number] = task
        if let slot { slots[slot, default: []].append(task) }
    }

    private func ended(_ number: Int) {
        running[number] = nil
        guard running.isEmpty else { return }
        slots = [:]
        let waiters = idleWaiters
        idleWaiters = []
        for waiter in waiters { waiter.resume() }
    }

    private func cancel(_ slot: Slot) {
        for task in slots.removeValue(forKey: slot) ?? [] { task.cancel() }
    }

    private func report(_ error: any Error, during effect: Effect) {
        if error is CancellationError || Task.isCancelled { return }
        let known = error as? any UserFacingError
        deliver(.failed(known?.description ?? "\(error)", hint: known?.hint, during: effect))
    }

    private func answer(_ effect: Effect, to request: LiveRequest, options: AnswerOptions, generation: Int) {
        let stream = services.live.answer(to: request, options: options)
        launch(in: .answer) { [weak self] in
            do {
                for try await step in stream {
                    if Task.isCancelled { return }
                    await self?.deliver(.answer(step, generation: generation))
                }
            } catch {
                await self?.report(error, during: effect)
            }
        }
    }

    private func readBatch(_ effect: Effect, at path: String, as request: LiveRequest, generation: Int) {
        let live = services.live
        launch(in: .batch) { [weak self] in
            do {
                let prompts = try PromptFile.read(path)
                await self?.deliver(.batch(.began(prompts.count), generation: generation))
                for prompt in prompts {
                    let row = try await Self.row(prompt, as: request, live)
                    if Task.isCancelled { return }
                    await self?.deliver(.batch(.row(row), generation: generation))
                }
                await self?.deliver(.batch(.ended, generation: generation))
            } catch {
                await self?.report(error, during: effect)
            }
        }
    }

    /// A prompt that cannot be read is no reason not to read the next one.
    private nonisolated static func row(
        _ prompt: String, as request: LiveRequest, _ live: any LiveService
    ) async throws -> LiveBatch.Row {
        var request = request
        request.text = prompt
        do {
            return LiveBatch.Row(prompt, try await live.fullReport(on: request))
        } catch let error as any UserFacingError {
            return LiveBatch.Row(prompt, problem: error.description)
        }
    }

    private func contrast(_ effect: Effect, _ pairs: [PromptPair], generation: Int) {
        let stream = services.contrast.contrast(pairs)
        launch(in: .contrast) { [weak self] in
            do {
                for try await step in stream {
                    if Task.isCancelled { return }
                    await self?.deliver(.contrast(step, generation: generation))
                }
                if Task.isCancelled { return }
                await self?.deliver(.contrastEnded(generation: generation))
            } catch {
                await self?.report(error, during: effect)
            }
        }
    }

    private func stop(_ kind: Job.Kind) {
        switch kind {
        case .answer: cancel(.answer)
        case .contrast: cancel(.contrast)
        case .fit: cancel(.fit)
        case .comparison: cancel(.comparison)
        case .export: cancel(.export)
        case .batch: cancel(.batch)
        // Loading cannot be stopped half-way; its end is waited for by nobody.
        case .model: break
        }
    }

    // MARK: Writes

    private func write(_ effect: Effect) {
        let previous = lastWrite
        let library = services.neuronLibrary
        begin(effect) {
            await previous?.value
            return .annotated(
                try await Self.write(effect, to: library), isUndoable: effect != .undo && effect != .redo)
        }
        lastWrite = running[nextNumber - 1]
    }

    private nonisolated static func write(_ effect: Effect, to library: any NeuronLibrary) async throws -> String {
        switch effect {
        case .setTag(let slug, let label, let keys, let isOn):
            try await library.setTag(slug, on: keys, isOn: isOn)
            let subject = keys.count == 1 ? "" : " on \(keys.count) neurons"
            return "\(isOn ? "tagged" : "took off") “\(PrintableText.printable(label))”\(subject)"
        case .setExplanation(let text, let key):
            try await library.setExplanation(text, of: key)
            return text.isEmpty ? "took your explanation away" : "explained"
        case .setNote(let text, let key):
            try await library.setNote(text, of: key)
            return text.isEmpty ? "took the note away" : "noted"
        case .addToList(let name, let keys):
            try await library.add(keys, toList: name)
            return "put \(keys.count) neuron\(keys.count == 1 ? "" : "s") on \(name)"
        case .saveQuery(let query):
            try await library.save(query)
            return "saved as \(query.name)"
        case .removeQuery(let name):
            try await library.removeQuery(named: name)
            return "took the saved filter \(name) away"
        case .undo: return try await library.undo() ?? "there is nothing to undo"
        case .redo: return try await library.redo() ?? "there is nothing to redo"
        default: return ""
        }
    }
}

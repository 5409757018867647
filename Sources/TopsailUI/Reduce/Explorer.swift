import TerminalKit

/// The explorer as two pure functions: `(state, event) → (state, effects)` and `state → frame`.
public enum Explorer {
    /// What has to be done before the first event.
    public static func start(_ state: inout ExplorerState) -> [Effect] {
        var effects: [Effect] = [.loadSummary, .loadCategories] + state.reload()
        effects += state.enter(state.screen)
        if state.tour != nil { effects.append(.tourBegan) }
        return effects
    }

    /// Takes one event in.
    ///
    /// - Returns: Work to be done, in order.
    public static func reduce(_ state: inout ExplorerState, _ event: ExplorerEvent) -> [Effect] {
        var effects = state.receive(event)
        effects += state.settle()
        return effects
    }
}

extension ExplorerState {
    mutating func receive(_ event: ExplorerEvent) -> [Effect] {
        switch event {
        case .time(let now):
            self.now = now
            _ = toasts.expire(now: seconds)
        case .input(let input): return receive(input)
        case .summary(let summary): self.summary = summary
        case .categories(let counts): categories = counts
        case .page(let page, let generation): receive(page, generation: generation)
        case .profile(let profile, let generation): receive(profile, generation: generation)
        case .marks(let keys, let generation): invertMarks(keys, generation: generation)
        case .labels(let new): labels.merge(new) { $1 }
        case .found(let key): return open(key)
        case .queries(let queries): overlay = .choice(queryChoice(queries))
        case .annotated(let sentence, let isUndoable):
            say(sentence + (isUndoable ? "; \(keyName(of: .undo)) undoes" : ""), kind: .success)
            return annotationsChanged()
        case .exported(let count, let path):
            end(.export)
            say("wrote \(Figures.count(count)) neurons to \(path)", kind: .success)
        case .prompts(let prompts, let file): receive(prompts, from: file)
        case .pathCompleted(let completion): receive(completion)
        case .batch(let step, let generation): return receive(step, generation: generation)
        case .pairs(let pairs, let file): receive(pairs, from: file)
        case .contrast(let step, let generation): return receive(step, generation: generation)
        case .contrastEnded(let generation): contrastEnded(generation: generation)
        case .checkpoints(let entries): checkpoints.take(entries)
        case .checkpointOpened(let entry): return opened(entry)
        case .densities(let name, let distribution): checkpoints.densities[name] = distribution
        case .fit(let report): receive(report)
        case .compared(let comparison): return receive(comparison)
        case .savedScreen(let path): say("the screen is in \(path)", kind: .success)
        case .copied(let what, let route): say("copied \(what) \(route)", kind: .success)
        case .prepared(let status): prepared(status)
        case .report(let report, let generation): return receive(report, generation: generation)
        case .answer(let step, let generation): return receive(step, generation: generation)
        case .failed(let text, let hint, let effect): failed(text, hint: hint, during: effect)
        }
        return []
    }

    private mutating func receive(_ input: InputEvent) -> [Effect] {
        switch input {
        case .key(let chord): return press(chord)
        case .paste(let text): return paste(text)
        case .mouse(let event): return isMouseOurs ? click(event) : []
        case .resize(let size): self.size = size
        case .suspendReturn: return [.redraw]
        case .terminate: return quit()
        case .tick: break
        }
        return []
    }

    /// After every event: hold cursors to their lists, and ask for what is on show and not here.
    mutating func settle() -> [Effect] {
        guard !isQuitting else { return [] }
        settleTree()
        settleTour()
        return settleBrowse() + settleLive() + settleContrast() + settleCheckpoints()
    }

    private mutating func failed(_ text: String, hint: String?, during effect: Effect) {
        let sentence = hint.map { "\(text) (\($0))" } ?? text
        switch effect {
        case .prepareModel:
            end(.model)
            live.model = .failed(text)
        case .contrast(_, let generation) where generation == contrast.generation: end(.contrast)
        case .checkFit: end(.fit)
        case .compare: end(.comparison)
        case .export: end(.export)
        case .readBatch(_, _, let generation): batchFailed(generation: generation)
        case .loadPairs: if contrast.pairs == nil { contrast.take([], from: nil) }
        case .loadCheckpoints: if checkpoints.entries == nil { checkpoints.take([]) }
        case .answer:
            let wasRead = !live.isBehind
            endAnswer(.stopped)
            if !wasRead, live.writtenBefore == 0 { refuse(sentence) }
        case .report(_, let generation):
            guard generation == live.generation else { return }
            refuse(sentence)
            // The pane of the tokens says it, unless another one fills the screen.
            guard live.isZoomed, live.pane != .tokens else { return }
        case .loadPage(_, _, _, let generation) where generation == browse.queryGeneration: browse.isStale = false
        default: break
        }
        say(sentence, kind: .error)
    }

    mutating func quit() -> [Effect] {
        isQuitting = true
        return [.savePrompts(live.editor.history.entries), .quit]
    }
}

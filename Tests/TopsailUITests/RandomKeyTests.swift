import TerminalKit
import Testing
import TopsailCore
import TopsailEngine
import TopsailUI

/// Any keys, any sizes, any order of answers: the explorer draws, stays leavable and never traps.
@Suite("Random keys") @MainActor struct RandomKeyTests {
    /// Every chord that is bound, letters for editors, and keys that mean nothing.
    private static let chords: [KeyChord] = {
        var chords = Set(KeyMap.standard.bindings.flatMap(\.chords))
        for letter in "abcdefghijklmnopqrstuvwxyz0123456789 /.-<>:;'\"" { chords.insert(KeyChord(letter)) }
        for name in [
            "Enter", "Enter", "Esc", "Tab", "Backspace", "Delete", "Up", "Down", "F5", "Alt-7", "Alt-0", "Ctrl-X",
        ] {
            chords.insert(KeyChord(named: name)!)
        }
        return chords.sorted { $0.description < $1.description }
    }()

    private static let sizes = [
        Size(width: 1, height: 1), Size(width: 2, height: 3), Size(width: 59, height: 15), Size(width: 60, height: 16),
        Size(width: 80, height: 24), Size(width: 97, height: 21), Size(width: 120, height: 40),
        Size(width: 149, height: 17), Size(width: 181, height: 33), Size(width: 240, height: 50),
        Size(width: 300, height: 80),
    ]

    /// Answers effects late and in any order, as real work does.
    private struct Backend {
        let library = StubLibrary(count: 900)
        let live = StubLive()
        let experiments = StubExperiments()

        /// `nil` for effects that answer with nothing.
        func events(for effect: Effect) async -> [ExplorerEvent] {
            do {
                switch effect {
                case .loadSummary: return [.summary(try await library.summary())]
                case .loadCategories: return [.categories(try await library.categories())]
                case .loadPage(let query, let rows, let anchor, let generation):
                    return [
                        .page(try await library.page(of: query, rows: rows, anchor: anchor), generation: generation)
                    ]
                case .loadProfile(let key, let generation):
                    return [.profile(try await library.profile(of: key), generation: generation)]
                case .loadLabels(let keys): return [.labels(try await library.labels(of: keys))]
                case .find(let text, let sae): return [.found(try await library.find(text, in: sae))]
                case .setTag(let slug, _, let keys, let isOn):
                    try await library.setTag(slug, on: keys, isOn: isOn)
                    return [.annotated("tagged")]
                case .loadQueries: return [.queries(try await library.savedQueries())]
                case .saveQuery(let query):
                    try await library.save(query)
                    return [.annotated("saved")]
                case .removeQuery(let name):
                    try await library.removeQuery(named: name)
                    return [.annotated("taken away")]
                case .readBatch(_, let request, let generation):
                    var steps: [BatchStep] = [.began(3)]
                    for prompt in ["a lock", "a river", "keys"] {
                        var request = request
                        request.text = prompt
                        steps.append(.row(LiveBatch.Row(prompt, try await live.report(on: request))))
                    }
                    return (steps + [.ended]).map { .batch($0, generation: generation) }
                case .undo:
                    _ = try await library.undo()
                    return [.annotated("undone")]
                case .prepareModel: return [.prepared(try await live.prepare())]
                case .report(let request, let generation):
                    return [.report(try await live.report(on: request), generation: generation)]
                case .answer(let request, let options, let generation):
                    var events: [ExplorerEvent] = []
                    for try await step in live.answer(to: request, options: options) {
                        events.append(.answer(step, generation: generation))
                    }
                    return events
                case .loadPairs(let file):
                    let pairs =
                        if let file { try await experiments.pairs(at: file) } else { try await experiments.pairs() }
                    return [.pairs(pairs, file: file)]
                case .contrast(let pairs, let generation):
                    var events: [ExplorerEvent] = []
                    for try await step in experiments.contrast(pairs) {
                        events.append(.contrast(step, generation: generation))
                    }
                    return events + [.contrastEnded(generation: generation)]
                case .loadCheckpoints: return [.checkpoints(try await experiments.checkpoints())]
                case .openCheckpoint(let path): return [.checkpointOpened(try await experiments.open(path: path))]
                case .loadDensities(let name): return [.densities(name, try await experiments.densities(of: name))]
                case .checkFit(let entry): return [.fit(try await experiments.checkFit(of: entry))]
                case .compare(let first, let second):
                    return [.compared(try await experiments.compare(first, with: second))]
                case .export(let request):
                    return [.exported(count: try await library.export(request), path: request.path)]
                default: return []
                }
            } catch {
                return [.failed("\(error)", hint: nil, during: effect)]
            }
        }
    }

    @Test("20,000 keys with resizes: no trap, a frame of the right size each time, always leavable", arguments: [1, 2])
    func run(_ seed: UInt64) async {
        var random = SeededGenerator(seed: seed)
        let backend = Backend()
        var state = ExplorerState(size: Size(width: 80, height: 24), theme: Themes.dark)
        var waiting: [ExplorerEvent] = []
        for effect in Explorer.start(&state) { waiting += await backend.events(for: effect) }
        for press in 0..<10_000 {
            let before = state
            var effects: [Effect] = []
            if Int.random(in: 0..<24, using: &random) == 0 {
                effects = Explorer.reduce(
                    &state, .input(.resize(Self.sizes[Int.random(in: 0..<Self.sizes.count, using: &random)])))
            } else if Int.random(in: 0..<12, using: &random) == 0 {
                let position = Position(
                    x: Int.random(in: 0..<max(1, state.size.width), using: &random),
                    y: Int.random(in: 0..<max(1, state.size.height), using: &random))
                let kinds: [MouseEvent.Kind] = [
                    .wheelUp, .wheelDown, .press(.left, clicks: 1), .press(.left, clicks: 2), .drag, .release(.left),
                ]
                let event = MouseEvent(kinds[Int.random(in: 0..<kinds.count, using: &random)], at: position)
                effects = Explorer.reduce(&state, .input(.mouse(event)))
            } else {
                effects = Explorer.reduce(
                    &state, .input(.key(Self.chords[Int.random(in: 0..<Self.chords.count, using: &random)])))
            }
            for effect in effects { waiting += await backend.events(for: effect) }
            // Work ends some time later, and not in the order in which it began.
            while !waiting.isEmpty, Int.random(in: 0..<3, using: &random) > 0 {
                let event = waiting.remove(at: Int.random(in: 0..<min(4, waiting.count), using: &random))
                for effect in Explorer.reduce(&state, event) { waiting += await backend.events(for: effect) }
            }
            _ = Explorer.reduce(&state, .time(.milliseconds(press * 40)))
            if state.isQuitting { state = before }
            if press % 2 == 0 {
                let frame = Explorer.frame(of: state)
                #expect(frame.size == state.size)
                if let cursor = frame.cursor { #expect(frame.bounds.contains(cursor), "seed \(seed), key \(press)") }
            }
            if press % 250 == 0 { #expect(isLeavable(state), "seed \(seed), key \(press): \(state.screen)") }
        }
    }

    /// Whether Esc leads out of everything and q then leaves.
    private func isLeavable(_ state: ExplorerState) -> Bool {
        var state = state
        for _ in 0..<20 { _ = Explorer.reduce(&state, .input(.key("Esc"))) }
        _ = Explorer.reduce(&state, .input(.key("q")))
        return state.isQuitting
    }
}

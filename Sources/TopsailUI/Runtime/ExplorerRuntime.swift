import TerminalKit
import TopsailCore
import TopsailEngine

/// Runs the explorer: events in, frames out, effects done away from the main actor.
@MainActor
public final class ExplorerRuntime {
    public private(set) var state: ExplorerState
    private let sink: any FrameSink
    private let worker: EffectWorker
    private let clock = ContinuousClock()
    /// Time since the start, which what ages on the screen goes by.
    private let elapsed: @MainActor () -> Duration
    private var lastPaint: ContinuousClock.Instant?
    private var paintTask: Task<Void, Never>?
    /// When the next frame is due; `nil` while none is waited for.
    private var nextPaint: ContinuousClock.Instant?
    /// Sends the time, as long as something on the screen ages; nothing wakes the program otherwise.
    private var ageing: Task<Void, Never>?
    private var isRunning = false
    private var quitContinuation: CheckedContinuation<Void, Never>?

    /// - Parameters:
    ///   - state: Size and theme to begin with, and the screen.
    ///   - reportDelay: How long typing has to pause before the model is asked.
    ///   - restDelay: How long a cursor that moves on and on has to rest before the neuron under it is shown.
    ///   - elapsed: Time since the start; `nil` looks at the clock.
    public init(
        state: ExplorerState, services: ExplorerServices, sink: any FrameSink,
        reportDelay: Duration = .milliseconds(15), restDelay: Duration = .milliseconds(80),
        elapsed: (@MainActor () -> Duration)? = nil
    ) {
        self.state = state
        self.sink = sink
        let (clock, start) = (clock, clock.now)
        self.elapsed = elapsed ?? { clock.now - start }
        worker = EffectWorker(services: services, reportDelay: reportDelay, restDelay: restDelay)
        worker.deliver = { [weak self] in self?.take($0) }
    }

    /// Shows the first frame, then lives on the events until the user leaves or the events end.
    public func run(events: some AsyncSequence<InputEvent, Never>) async {
        isRunning = true
        begin()
        let reading = Task {
            for await event in events {
                take(.input(event))
                if state.isQuitting { return }
            }
            if !state.isQuitting { finish() }
        }
        await withCheckedContinuation { continuation in
            if state.isQuitting { continuation.resume() } else { quitContinuation = continuation }
        }
        reading.cancel()
        isRunning = false
        ageing?.cancel()
        worker.cancelAll()
    }

    /// Shows the first frame and asks for what it needs.
    public func begin() {
        paint()
        perform(Explorer.start(&state))
        paint()
        watchAgeing()
    }

    /// Takes one event in; a frame follows at once, or within the frame time when one has just been drawn.
    public func take(_ event: ExplorerEvent) {
        guard !state.isQuitting else { return }
        _ = Explorer.reduce(&state, .time(elapsed()))
        perform(Explorer.reduce(&state, event))
        switch event {
        case .input(.resize): paint()
        case .input: schedulePaint(within: .milliseconds(10))
        default: schedulePaint(within: .milliseconds(33))
        }
        watchAgeing()
    }

    /// Returns once no work is under way and everything has been drawn.
    public func settle() async {
        await worker.waitUntilIdle()
        paint()
    }

    private func perform(_ effects: [Effect]) {
        for effect in effects {
            switch effect {
            case .quit: finish()
            case .redraw: sink.repaint()
            case .setMouse(let isOurs): sink.setMouse(isOurs)
            case .suspend:
                if !sink.suspend() { state.say("there is no job control here to suspend to") }
            default: worker.perform(effect)
            }
        }
    }

    private func finish() {
        state.isQuitting = true
        quitContinuation?.resume()
        quitContinuation = nil
    }

    // MARK: Painting

    /// A frame at once, or as soon as the last one is so old. What a person does shows before what a model says.
    private func schedulePaint(within wanted: Duration) {
        let interval: Duration = sink.isBackedUp ? .milliseconds(66) : wanted
        guard let lastPaint, clock.now - lastPaint < interval else { return paint() }
        let due = lastPaint + interval
        if let next = nextPaint, next <= due { return }
        paintTask?.cancel()
        nextPaint = due
        paintTask = Task { [weak self] in
            try? await Task.sleep(until: due)
            if !Task.isCancelled { self?.paint() }
        }
    }

    private func paint() {
        paintTask?.cancel()
        paintTask = nil
        nextPaint = nil
        lastPaint = clock.now
        sink.show(Explorer.frame(of: state))
    }

    private func watchAgeing() {
        guard isRunning, ageing == nil, state.isAgeing else { return }
        ageing = Task { [weak self] in
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(250))
                guard let self, self.age() else { break }
            }
            self?.ageing = nil
        }
    }

    /// - Returns: Whether something still ages.
    private func age() -> Bool {
        _ = Explorer.reduce(&state, .time(elapsed()))
        schedulePaint(within: .milliseconds(33))
        return state.isAgeing
    }
}

extension ExplorerState {
    /// Whether the screen changes with time alone.
    var isAgeing: Bool {
        if !toasts.toasts.isEmpty || !jobs.isEmpty || live.answer.isRunning { return true }
        if case .loading = live.model { return screen == .live }
        return false
    }
}

import CNcurses
import Dispatch
import Foundation
import TerminalKit

/// The terminal while it is ours: frames go in, events come out, and whatever happens it is given back.
///
/// One session at a time. Everything runs on the main actor, which must be running (an `async` main, or
/// `dispatchMain`).
@MainActor
public final class TerminalSession {
    public struct Options: Sendable {
        /// Where standard error goes meanwhile; a file without a name when `nil`.
        public var logPath: String?
        /// A depth to use instead of the detected one. More than the terminal has is never used.
        public var colorDepth: ColorDepth?
        public var usesMouse: Bool
        /// How often `.tick` comes; never when `nil`.
        public var tickInterval: Double?

        public init(
            logPath: String? = nil, colorDepth: ColorDepth? = nil, usesMouse: Bool = true, tickInterval: Double? = nil
        ) {
            self.logPath = logPath
            self.colorDepth = colorDepth
            self.usesMouse = usesMouse
            self.tickInterval = tickInterval
        }
    }

    /// What happens at the terminal, in order; ends with `leave()`.
    public let events: AsyncStream<InputEvent>
    /// Of the terminal, kept current.
    public private(set) var size = Size(width: 80, height: 24)
    /// What the terminal can show; known once entered.
    public private(set) var colorDepth = ColorDepth.mono
    /// Whether the locale is UTF-8. Where it is not, use `GlyphSet.ascii`; other characters are drawn as their nearest
    /// ASCII.
    public private(set) var isUTF8 = true
    public private(set) var isActive = false

    private let options: Options
    private let yield: AsyncStream<InputEvent>.Continuation
    private var decoder = InputDecoder()
    private var canvas = Canvas()
    private var capture: StandardErrorCapture?
    private var sources: [any DispatchSourceProtocol] = []

    public init(options: Options = Options()) {
        self.options = options
        (events, yield) = AsyncStream.makeStream()
    }

    /// Takes the terminal over.
    public func enter() throws(TerminalError) {
        guard !isActive else { return }
        let environment = ProcessInfo.processInfo.environment
        let term = environment["TERM"] ?? ""
        if term.isEmpty || term == "dumb" { throw TerminalError(.dumb(term: term)) }
        isUTF8 = tscn_set_locale()
        // Before ncurses, which would install handlers of its own where it finds none.
        let signals = tscn_signals_start()
        let status = Self.enter(term: term, choice: options.colorDepth, environment: environment)
        guard status == TSCN_OK else {
            tscn_signals_stop()
            throw TerminalError(status, term: term)
        }
        isActive = true
        capture = StandardErrorCapture(path: options.logPath)
        size = Size(width: Int(tscn_columns()), height: Int(tscn_rows()))
        let wanted = ColorDepth.detect(
            choice: options.colorDepth, environment: environment, terminfoColors: Int(tscn_colors()))
        canvas = Canvas(depth: wanted, colors: Int(tscn_colors()), pairs: Int(tscn_color_pairs()), isUTF8: isUTF8)
        colorDepth = canvas.depth
        if options.usesMouse { setMouse(true) }
        listen(to: tscn_input_fd()) { $0.readInput() }
        if signals >= 0 { listen(to: signals) { $0.readSignals() } }
        if let interval = options.tickInterval { tick(every: interval) }
    }

    private static func enter(term: String, choice: ColorDepth?, environment: [String: String]) -> tscn_status {
        let depth = ColorDepth.detect(choice: choice, environment: environment, terminfoColors: nil)
        guard depth == .truecolor else { return tscn_enter() }
        return DirectColor.withEntry(term: term, environment: environment, tscn_enter)
    }

    /// Gives the terminal back and prints what went to standard error meanwhile. Safe to call at any time and again.
    public func leave() {
        guard isActive else { return }
        isActive = false
        for source in sources { source.cancel() }
        sources = []
        tscn_leave()
        tscn_signals_stop()
        capture?.release()
        capture = nil
        yield.finish()
    }

    /// Shows a frame, sending only what differs from the one before.
    public func draw(_ frame: Frame) {
        guard isActive else { return }
        canvas.draw(frame)
    }

    /// Clears the terminal and draws everything again with the next frame, for when something else wrote on it.
    public func repaint() {
        guard isActive else { return }
        canvas.forget()
        tscn_clear_next()
    }

    /// Turns the mouse on, or hands it back to the terminal for selecting text.
    ///
    /// - Returns: `false` when the terminal has none.
    @discardableResult
    public func setMouse(_ isOn: Bool) -> Bool { isActive && tscn_set_mouse(isOn) }

    /// Whether the terminal is slow to take what was sent, as over a thin line; then draw less often.
    public var isOutputBackedUp: Bool { isActive && tscn_output_backlog() > 2048 }
}

/// Stopping and going on.
extension TerminalSession {
    /// Stops the process as Ctrl-Z does and comes back when it is continued, with `.suspendReturn` among the events.
    ///
    /// - Returns: `false` when there is no shell that could continue it; nothing has happened then.
    @discardableResult
    public func suspend() -> Bool {
        guard isActive else { return false }
        tscn_pause()
        let didStop = tscn_stop_process_group()
        tscn_resume()
        var asksToEnd = false
        while case let number = tscn_signals_next(), number != 0 { asksToEnd = asksToEnd || Self.asksToEnd(number) }
        comeBack()
        if asksToEnd { yield.yield(.terminate) }
        return didStop
    }

    private func comeBack() {
        canvas.forget()
        updateSize()
        yield.yield(.suspendReturn)
    }

    private static func asksToEnd(_ signal: CInt) -> Bool { signal == SIGINT || signal == SIGTERM || signal == SIGHUP }

    private func readSignals() {
        while isActive, case let number = tscn_signals_next(), number != 0 {
            switch number {
            case SIGWINCH: updateSize()
            case SIGTSTP: suspend()
            case SIGCONT:
                tscn_resume()
                comeBack()
            case _ where Self.asksToEnd(number): yield.yield(.terminate)
            default: break
            }
        }
    }

    private func updateSize() {
        tscn_update_size()
        // Compared here, because ncurses also finds out by itself when it comes back from a pause.
        let current = Size(width: Int(tscn_columns()), height: Int(tscn_rows()))
        guard current != size else { return }
        size = current
        // Every cell is written again over what is there: clearing first would be seen.
        canvas.forget()
        tscn_redraw_all()
        yield.yield(.resize(size))
    }
}

/// Sources of events, all on the main queue.
extension TerminalSession {
    private func readInput() {
        guard isActive else { return }
        decoder.drain { yield.yield($0) }
        if tscn_input_closed() {
            // The descriptor stays readable for ever once the terminal is gone.
            for source in sources { source.cancel() }
            sources = []
            yield.yield(.terminate)
        }
    }

    private func listen(to descriptor: CInt, _ action: @escaping @MainActor (TerminalSession) -> Void) {
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .main)
        source.setEventHandler { [weak self] in
            MainActor.assumeIsolated { if let self { action(self) } }
        }
        source.resume()
        sources.append(source)
    }

    private func tick(every seconds: Double) {
        let timer = DispatchSource.makeTimerSource(queue: .main)
        timer.schedule(deadline: .now() + seconds, repeating: seconds, leeway: .milliseconds(5))
        timer.setEventHandler { [weak self] in
            MainActor.assumeIsolated { _ = self?.yield.yield(.tick) }
        }
        timer.resume()
        sources.append(timer)
    }
}

extension TerminalError {
    fileprivate init(_ status: tscn_status, term: String) {
        switch status {
        case TSCN_NO_TTY: self.init(.noTerminal)
        case TSCN_UNKNOWN_TERMINAL: self.init(.unknown(term: term))
        case TSCN_NO_CURSOR: self.init(.cannotPlaceCursor(term: term))
        default: self.init(.refused(term: term))
        }
    }
}

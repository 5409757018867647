import TerminalCurses
import TerminalKit
import TopsailUI

/// Joins the explorer to the terminal, and gives the terminal back however the explorer ends.
@MainActor
struct ExplorerScreen {
    let theme: Theme.Name
    /// `nil` finds out.
    let depth: ColorDepth?
    /// ASCII signs even where the terminal shows more.
    let isASCII: Bool
    let startsLive: Bool
    /// The tour even where it was seen.
    let startsTour: Bool
    let settings: ExplorerSettings
    let services: ExplorerServices

    nonisolated init(
        theme: Theme.Name, depth: ColorDepth?, isASCII: Bool, startsLive: Bool, startsTour: Bool,
        settings: ExplorerSettings, services: ExplorerServices
    ) {
        self.theme = theme
        self.depth = depth
        self.isASCII = isASCII
        self.startsLive = startsLive
        self.startsTour = startsTour
        self.settings = settings
        self.services = services
    }

    func run() async throws {
        let session = TerminalSession(options: .init(colorDepth: depth))
        do {
            try session.enter()
        } catch {
            throw CommandFailure(error.description, hint: error.hint)
        }
        defer { session.leave() }
        let theme = Theme(
            theme, depth: session.colorDepth, glyphs: session.isUTF8 && !isASCII ? .unicode : .ascii)
        var state = ExplorerState(
            size: session.size, theme: theme, promptHistory: EnteredTexts.prompts.load(),
            filterHistory: EnteredTexts.filters.load())
        settings.apply(to: &state)
        if startsLive { state.screen = .live }
        if startsTour || (!TourMemory.wasSeen && state.screen == .browse) { state.beginTour() }
        // What was hidden or shown last counts more than the file.
        if let hidden = ShieldMemory.load() { state.shielded = Set(hidden) }
        state.splits = SplitMemory.load()
        if !state.isMouseOurs { session.setMouse(false) }
        let runtime = ExplorerRuntime(state: state, services: services, sink: TerminalSink(session: session))
        await runtime.run(events: session.events)
    }
}

/// Frames of the explorer on the terminal.
@MainActor
private final class TerminalSink: FrameSink {
    private let session: TerminalSession

    init(session: TerminalSession) { self.session = session }

    func show(_ frame: Frame) { session.draw(frame) }
    func repaint() { session.repaint() }
    func suspend() -> Bool { session.suspend() }
    func setMouse(_ isOurs: Bool) { session.setMouse(isOurs) }
    var isBackedUp: Bool { session.isOutputBackedUp }
}

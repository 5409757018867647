import TerminalKit
import TopsailUI

/// Plays keys against the stub library and model: `(keys) → (state, frame)`.
@MainActor
func explore(
    _ keys: String, size: Size = Size(width: 80, height: 24), theme: Theme = Themes.dark,
    library: StubLibrary = StubLibrary(),
    live: StubLive = StubLive(), settings: ExplorerSettings = ExplorerSettings()
) async -> (state: ExplorerState, frame: Frame) {
    let experiments = StubExperiments()
    let services = ExplorerServices(
        library: library, live: live, contrast: experiments, checkpoints: experiments, copy: { _ in "via test" })
    var state = ExplorerState(size: size, theme: theme)
    settings.apply(to: &state)
    return await ExplorerReplay.run(keys: KeyChord.sequence(keys)!, state: state, services: services)
}

enum Themes {
    static let dark = Theme(.dark, depth: .indexed256)
    static let light = Theme(.light, depth: .indexed256)
    static let mono = Theme(.mono, depth: .mono)
    static let ascii = Theme(.dark, depth: .indexed256, glyphs: .ascii)
}

extension ExplorerState {
    /// The picker on top of the screen, if one is.
    var choice: Choice? { if case .choice(let choice) = overlay { choice } else { nil } }

    var lastMessage: String { messages.last ?? "" }
}

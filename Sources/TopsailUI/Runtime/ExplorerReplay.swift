import TerminalKit

/// Plays keys to the explorer without a terminal: for tests, bug reports and demonstrations.
public enum ExplorerReplay {
    /// Presses the keys one after the other, each when all work of the one before is done.
    ///
    /// - Returns: The last frame.
    @MainActor
    public static func run(
        keys: [KeyChord], size: Size, theme: Theme, services: ExplorerServices, screen: Screen = .browse
    ) async -> Frame {
        var state = ExplorerState(size: size, theme: theme)
        state.screen = screen
        return await run(keys: keys, state: state, services: services).frame
    }

    /// The same from any state, with the state that the keys lead to.
    @MainActor
    public static func run(
        keys: [KeyChord], state: ExplorerState, services: ExplorerServices
    ) async -> (state: ExplorerState, frame: Frame) {
        let recorder = FrameRecorder()
        let runtime = ExplorerRuntime(state: state, services: services, sink: recorder, reportDelay: .zero)
        runtime.begin()
        await runtime.settle()
        for key in keys {
            runtime.take(.input(.key(key)))
            await runtime.settle()
            if runtime.state.isQuitting { break }
        }
        return (runtime.state, recorder.frame ?? Frame(size: state.size))
    }
}

import TerminalKit

/// Plays keys to the explorer without a terminal: for tests, bug reports and demonstrations.
public enum ExplorerReplay {
    /// Presses the keys one after the other, each when all work of the one before is done.
    ///
    /// - Returns: The state that they lead to, and the last frame.
    @MainActor
    public static func run(
        keys: [KeyChord], state: ExplorerState, services: ExplorerServices
    ) async -> (state: ExplorerState, frame: Frame) {
        let recorder = FrameRecorder()
        // Time stands still, so that a slow machine shows the same frames as a quick one.
        let runtime = ExplorerRuntime(
            state: state, services: services, sink: recorder, reportDelay: .zero, restDelay: .zero,
            elapsed: { .zero })
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

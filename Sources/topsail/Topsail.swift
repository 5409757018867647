import ArgumentParser

/// `topsail`: the commands.
@main
struct Topsail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topsail", abstract: "Explore the neurons of sparse autoencoders trained on language models.",
        subcommands: [CorpusCommand.self, TrainCommand.self, PipelineCommand.self])
}

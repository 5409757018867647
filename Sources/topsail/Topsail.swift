import ArgumentParser

/// `topsail`: the commands, in the groups that `--help` shows.
struct Topsail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topsail",
        abstract: "Explore the neurons of sparse autoencoders trained on language models.",
        discussion: """
            Without a command it opens the explorer. First time here: topsail setup
            Example: topsail encode --text "The court sentenced him"
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Start",
                subcommands: [
                    ExploreCommand.self, SetupCommand.self, DoctorCommand.self, ConfigCommand.self, ManCommand.self,
                ]),
            CommandGroup(
                name: "Live",
                subcommands: [EncodeCommand.self, ReportCommand.self, GenerateCommand.self, AssessCommand.self]),
            CommandGroup(
                name: "Catalog",
                subcommands: [
                    NeuronsCommand.self, NeuronCommand.self, CategoriesCommand.self, TagCommand.self,
                    ExplanationCommand.self, NoteCommand.self, RateCommand.self, ListCommand.self, QueryCommand.self,
                    UndoCommand.self,
                    RedoCommand.self, LogCommand.self, ImportCommand.self, ExportCommand.self, CatalogCommand.self,
                ]),
            CommandGroup(
                name: "Models and SAEs",
                subcommands: [
                    TensorsCommand.self, TokenizeCommand.self, ActivationsCommand.self, SAECommand.self,
                    EvaluateCommand.self, ContrastCommand.self,
                ]),
            CommandGroup(
                name: "Pipeline",
                subcommands: [
                    CorpusCommand.self, TrainCommand.self, ChooseCommand.self, CollectCommand.self, ExplainCommand.self,
                    ScoreCommand.self, CalibrateCommand.self,
                    PipelineCommand.self,
                ]),
        ],
        defaultSubcommand: ExploreCommand.self)
}

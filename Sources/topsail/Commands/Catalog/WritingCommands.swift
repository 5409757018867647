import ArgumentParser
import TopsailCatalog
import TopsailEngine

/// `topsail explanation`: a person's explanations.
struct ExplanationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explanation", abstract: "Write what a neuron stands for.",
        discussion: "Example: topsail explanation set 14_1424 \"names of weapons\"", subcommands: [Set.self])

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set your explanation; an empty text takes it away.",
            discussion: "Example: topsail explanation set 14_1424 \"names of weapons\"")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The neuron: 14_1424 or sae-name/1424.") var neuron: String
        @Argument(help: "The explanation.") var text: String

        func run() async throws {
            try NeuronChange(neuron, common).perform { try $0.setExplanation(text, of: $1) }
        }
    }
}

/// `topsail note`.
struct NoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note", abstract: "Write a note on a neuron; an empty text takes it away.",
        discussion: "Example: topsail note 14_1424 \"fires on quotations as well\"")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The neuron: 14_1424 or sae-name/1424.") var neuron: String
    @Argument(help: "The note.") var text: String

    func run() async throws {
        try NeuronChange(neuron, common).perform { try $0.setNote(text, of: $1) }
    }
}

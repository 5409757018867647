import ArgumentParser
import TopsailCatalog
import TopsailEngine

/// `topsail tag`: a person's tags.
struct TagCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "Tag a neuron with categories, or take tags away.",
        discussion: "Example: topsail tag add 14_1424 violence.weapons", subcommands: [Add.self, Remove.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add tags.", discussion: "Example: topsail tag add 14_1424 violence")

        @OptionGroup var common: CommonOptions
        @OptionGroup var target: TagArguments

        func run() async throws {
            try target.change(common) { catalog, neuron in try catalog.addTags(target.slugs, to: [neuron]) }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take tags away; a machine's tag stays away when the catalog is made again.",
            discussion: "Example: topsail tag remove 14_1424 violence")

        @OptionGroup var common: CommonOptions
        @OptionGroup var target: TagArguments

        func run() async throws {
            try target.change(common) { catalog, neuron in try catalog.removeTags(target.slugs, from: [neuron]) }
        }
    }
}

/// A neuron and the categories that are put on or taken off it.
struct TagArguments: ParsableArguments {
    @Argument(help: "The neuron: 14_1424 or sae-name/1424.") var neuron: String
    @Argument(help: "Categories; topsail categories lists them.") var slugs: [String]

    func validate() throws {
        if slugs.isEmpty { throw ValidationError("name at least one category") }
    }
}

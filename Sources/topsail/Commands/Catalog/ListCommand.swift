import ArgumentParser
import TopsailCatalog
import TopsailEngine

/// `topsail list`: a person's own lists of neurons.
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Keep your own lists of neurons.",
        discussion: "Example: topsail list create weapons && topsail list add weapons 14_1424 14_17",
        subcommands: [Create.self, Add.self, Remove.self, Show.self, Delete.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an empty list.", discussion: "Example: topsail list create weapons")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The list's name.") var name: String
        @Option(parsing: .unconditional, help: "What it is for.") var description = ""

        func run() async throws {
            let catalog = try common.place.openCatalog()
            try catalog.createList(name, description: description)
            try ListReport(catalog, common).print(name)
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a list; undo brings it back.", discussion: "Example: topsail list delete weapons")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The list's name.") var name: String

        func run() async throws {
            let catalog = try common.place.openCatalog()
            try catalog.deleteList(name)
            try ListReport(catalog, common).print(nil)
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add neurons to a list.", discussion: "Example: topsail list add weapons 14_1424 14_17")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The list's name.") var name: String
        @Argument(help: "Neurons.") var neurons: [String]

        func run() async throws {
            let catalog = try common.place.openCatalog()
            try catalog.add(neurons.map { try catalog.neuronID($0) }, toList: name)
            try ListReport(catalog, common).print(name)
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take neurons off a list.", discussion: "Example: topsail list remove weapons 14_17")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The list's name.") var name: String
        @Argument(help: "Neurons.") var neurons: [String]

        func run() async throws {
            let catalog = try common.place.openCatalog()
            try catalog.remove(neurons.map { try catalog.neuronID($0) }, fromList: name)
            try ListReport(catalog, common).print(name)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show your lists, or the neurons of one.", discussion: "Example: topsail list show weapons --json"
        )

        @OptionGroup var common: CommonOptions
        @Argument(help: "The list's name.") var name: String?

        func run() async throws { try ListReport(common.place.openCatalog(), common).print(name) }
    }
}

/// Prints one list with its neurons, or all lists.
private struct ListReport {
    let catalog: Catalog
    let isJSON: Bool

    init(_ catalog: Catalog, _ common: CommonOptions) {
        self.catalog = catalog
        isJSON = common.json
    }

    func print(_ name: String?) throws {
        guard let name else { return try printAll() }
        var filter = NeuronFilter()
        filter.list = name
        let rows = try catalog.neurons(matching: filter, sort: NeuronSort(.id))
        if isJSON {
            return StandardOutput.line(JSONText.object(["name": name, "neurons": rows.map(\.document)]).line)
        }
        StandardOutput.line("\(rows.count) neurons")
        Columns.print(rows.map { [$0.id.description, $0.explanation ?? "–"] })
    }

    private func printAll() throws {
        let lists = try catalog.lists()
        if isJSON {
            let documents = lists.map { list in
                JSONText.object(["name": list.name, "description": list.description, "count": list.count])
            }
            return StandardOutput.line(JSONText.object(["lists": documents]).line)
        }
        Columns.print(lists.map { ["\($0.count)", $0.name, $0.description] }, rightAligned: [0])
    }
}

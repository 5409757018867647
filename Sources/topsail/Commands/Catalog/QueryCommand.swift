import ArgumentParser
import TopsailCatalog
import TopsailEngine
import TopsailUI

/// `topsail query`: a person's filters by name.
struct QueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Keep filters under names of your own.",
        discussion: """
            Example: topsail query save loud "max>5 dens<1 tag:violence" && topsail neurons --query loud
            A filter is what the explorer takes after /: words, and max dens score layer sae tag has.
            """,
        subcommands: [Save.self, Show.self, Remove.self])

    struct Save: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keep a filter, in the place of an earlier one of that name; undo brings that back.",
            discussion: "Example: topsail query save loud \"max>5 dens<1 tag:violence\"")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The query's name.") var name: String
        @Argument(help: "The filter.") var filter: [String]

        func run() async throws {
            let text = filter.joined(separator: " ")
            _ = try FilterExpression.parse(text)
            let catalog = try common.place.openCatalog()
            try catalog.saveQuery(SavedQuery(name: name, text: text))
            QueryReport(isJSON: common.json).print([try catalog.savedQuery(named: name)])
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Show your filters.", discussion: "Example: topsail query list --json")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            QueryReport(isJSON: common.json).print(try common.place.openCatalog().savedQueries())
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a filter; undo brings it back.", discussion: "Example: topsail query remove loud")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The query's name.") var name: String

        func run() async throws {
            let catalog = try common.place.openCatalog()
            try catalog.removeQuery(named: name)
            QueryReport(isJSON: common.json).print(try catalog.savedQueries())
        }
    }
}

private struct QueryReport {
    let isJSON: Bool

    func print(_ queries: [SavedQuery]) {
        guard isJSON else { return Columns.print(queries.map { [$0.name, $0.text] }) }
        let documents = queries.map { JSONText.object(["name": $0.name, "filter": $0.text]) }
        StandardOutput.line(JSONText.object(["queries": documents]).line)
    }
}

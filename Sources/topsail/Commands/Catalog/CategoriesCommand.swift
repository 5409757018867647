import ArgumentParser
import TopsailCatalog
import TopsailEngine

/// `topsail categories`: the taxonomy with counts, and a person's additions to it.
struct CategoriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "categories", abstract: "Show the safety categories and how many neurons each has; add your own.",
        discussion: """
            Example:
              topsail categories --json
              topsail categories add fraud.romance --label "Romance scams" --parent fraud
            """, subcommands: [Show.self, Add.self, Remove.self], defaultSubcommand: Show.self)
}

extension CategoriesCommand {
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the categories with counts (the default).",
            discussion: "Example: topsail categories --sae my-sae")

        @OptionGroup var common: CommonOptions
        @Option(help: "Count neurons of this SAE only.") var sae: String?

        func run() async throws { try CategoriesReport(common).print(sae: sae) }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a category of your own; undo takes it back.",
            discussion: """
                Example: topsail categories add fraud.romance --label "Romance scams" --parent fraud
                Without --parent it becomes a domain. Setting Topsail up again never removes it.
                """)

        @OptionGroup var common: CommonOptions
        @Argument(help: "The category's short name: lower-case letters, digits, _ - and dots.") var slug: String
        @Option(parsing: .unconditional, help: "What it is called on screen.") var label: String
        @Option(help: ArgumentHelp("The domain it belongs to.", valueName: "domain")) var parent: String?
        @Option(parsing: .unconditional, help: "What belongs to it, in a sentence.") var description: String?

        func run() async throws {
            try common.place.openCatalog().addCategory(
                OwnCategory(slug: slug, label: label, parent: parent, description: description))
            if common.json {
                StandardOutput.line(
                    JSONText.object([
                        "slug": slug, "label": label, "parent": parent, "description": description, "own": true,
                    ]).line)
            } else {
                Columns.print([["added", slug, label]])
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a category that you added and that no neuron is tagged with.",
            discussion: "Example: topsail categories remove fraud.romance")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The category.") var slug: String

        func run() async throws {
            try common.place.openCatalog().removeCategory(slug)
            if common.json {
                StandardOutput.line(JSONText.object(["slug": slug, "removed": true]).line)
            } else {
                Columns.print([["removed", slug]])
            }
        }
    }
}

/// Prints the taxonomy.
private struct CategoriesReport {
    let common: CommonOptions

    init(_ common: CommonOptions) { self.common = common }

    func print(sae: String?) throws {
        let catalog = try common.place.openCatalog()
        let tree = try catalog.categories(sae: sae)
        let own = Set(try catalog.ownCategories().map(\.slug))
        if common.json {
            StandardOutput.line(
                JSONText.object([
                    "domains": tree.domains.map { $0.document(own: own) }, "neurons": tree.neurons,
                    "tagged": tree.tagged,
                    "mine": tree.mine, "untagged": tree.untagged,
                ]).line)
            return
        }
        let rows = tree.flattened.map { category in
            [
                "\(category.total)", (category.parent == nil ? "" : "  ") + category.slug,
                category.label + (own.contains(category.slug) ? " (yours)" : ""),
            ]
        }
        Columns.print(
            rows + [["\(tree.mine)", "tagged by you", ""], ["\(tree.untagged)", "untagged", ""]], rightAligned: [0])
    }
}

extension CategoryCount {
    fileprivate func document(own: Set<String>) -> JSONText {
        .object([
            "slug": slug, "label": label, "description": description, "parent": parent, "neurons": total,
            "direct": direct,
            "own": own.contains(slug), "children": children.map { $0.document(own: own) },
        ])
    }
}

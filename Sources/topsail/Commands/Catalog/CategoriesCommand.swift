import ArgumentParser
import TopsailCatalog
import TopsailEngine

/// `topsail categories`: the taxonomy with counts.
struct CategoriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "categories", abstract: "Show the safety categories and how many neurons each has.",
        discussion: "Example: topsail categories --json")

    @OptionGroup var common: CommonOptions
    @Option(help: "Count neurons of this SAE only.") var sae: String?

    func run() async throws {
        let tree = try common.place.openCatalog().categories(sae: sae)
        if common.json {
            StandardOutput.line(
                JSONText.object([
                    "domains": tree.domains.map(\.document), "neurons": tree.neurons, "tagged": tree.tagged,
                    "mine": tree.mine, "untagged": tree.untagged,
                ]).line)
            return
        }
        let rows = tree.flattened.map { category in
            ["\(category.total)", (category.parent == nil ? "" : "  ") + category.slug, category.label]
        }
        Columns.print(
            rows + [["\(tree.mine)", "tagged by you", ""], ["\(tree.untagged)", "untagged", ""]], rightAligned: [0])
    }
}

extension CategoryCount {
    fileprivate var document: JSONText {
        .object([
            "slug": slug, "label": label, "description": description, "parent": parent, "neurons": total,
            "direct": direct,
            "children": children.map(\.document),
        ])
    }
}

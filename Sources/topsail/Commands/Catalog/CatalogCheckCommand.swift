import ArgumentParser
import TopsailCatalog
import TopsailCore
import TopsailEngine

extension CatalogCommand {
    /// `topsail catalog check`.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read the whole catalog and report what is broken.",
            discussion: """
                Example: topsail catalog check
                Names the table, the page and the neuron, also of a file that cannot be opened. Exit status 1 when something
                is broken.
                """)

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let damage = try Catalog.damage(at: common.place.existingCatalogPath())
            if common.json {
                StandardOutput.line(
                    JSONText.object(["problems": damage.map(\.description), "damage": damage.map(\.document)]).line)
            } else {
                for damage in damage { StandardOutput.line(PrintableText.printable(damage.description)) }
            }
            guard damage.isEmpty else {
                let count = damage.count == 1 ? "a problem" : "\(damage.count) problems"
                throw CommandFailure(
                    "the catalog has \(count)",
                    hint: "topsail catalog backup DEST saves what can be read into a new file")
            }
            if !common.json { StandardOutput.line("no problem found") }
        }
    }

    /// `topsail catalog backup`.
    struct Backup: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copy the catalog into a new, compact file; of a damaged one, what can be read.",
            discussion: """
                Example: topsail catalog backup catalog-copy.sqlite
                Nobody who writes meanwhile is disturbed. A damaged catalog is not touched: what can be read of it, your own
                work first, goes into the new file, and what was lost is told table by table.
                """)

        @OptionGroup var common: CommonOptions
        @Argument(help: "The new file.", completion: .file()) var destination: String

        func run() async throws {
            let report = try Catalog.backup(common.place.existingCatalogPath(), to: destination)
            if common.json {
                StandardOutput.line(
                    JSONText.object([
                        "output": destination, "rescued": report != nil, "tables": report?.tables.map(\.document) ?? [],
                    ]).line)
            } else if let report {
                print(report)
            }
            if report != nil {
                StandardError.warning("the catalog is damaged; \(destination) holds what could be read")
            }
        }

        private func print(_ report: RescueReport) {
            Columns.print(
                report.tables.map { table in
                    var words = table.lost.isEmpty ? ["whole"] : ["lost " + table.lost.joined(separator: "; ")]
                    if table.restored > 0 { words.append("\(table.restored) restored from the journal") }
                    return [table.name, "\(table.saved) rows", words.joined(separator: "; ")]
                })
        }
    }
}

extension Workspace {
    /// Where the catalog lies, for commands that do not need it to open.
    func existingCatalogPath() throws -> String {
        guard hasCatalog else { throw WorkspaceError.noCatalog(root: root) }
        return catalogPath
    }
}

extension CatalogDamage {
    fileprivate var document: JSONText {
        .object([
            "table": table, "page": page, "sae": sae, "neuron": neuron?.description, "column": column,
            "problem": description,
        ])
    }
}

extension RescueReport.Table {
    fileprivate var document: JSONText {
        .object(["table": name, "yours": isHuman, "saved": saved, "restored": restored, "lost": lost])
    }
}

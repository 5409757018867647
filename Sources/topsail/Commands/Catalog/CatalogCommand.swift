import ArgumentParser
import TopsailCatalog
import TopsailEngine

/// `topsail catalog`: the file itself.
struct CatalogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog", abstract: "Inspect, check, back up, merge and complete catalogs.",
        discussion: "Example: topsail catalog backup catalog-copy.sqlite",
        subcommands: [Info.self, Check.self, Backup.self, Merge.self, Coactive.self])

    struct Info: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what the catalog holds.", discussion: "Example: topsail catalog info --json")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let catalog = try common.place.openCatalog()
            let summary = try catalog.summary()
            let saes = try catalog.saes()
            if common.json {
                StandardOutput.line(
                    JSONText.object([
                        "path": catalog.path, "bytes": summary.bytes, "models": summary.models,
                        "neurons": summary.neurons, "explained": summary.explained, "documents": summary.documents,
                        "annotations": summary.annotations, "saes": saes.map(\.document),
                    ]).line)
                return
            }
            Columns.print([
                ["file", "\(catalog.path), \(Figures.size(summary.bytes))"],
                ["neurons", "\(summary.neurons), \(summary.explained) of them explained"],
                ["documents", "\(summary.documents)"], ["your annotations", "\(summary.annotations)"],
            ])
            for sae in saes {
                Columns.print([
                    [
                        "SAE", sae.name, sae.model ?? "no language model", sae.hook?.description ?? "–",
                        "\(sae.neuronCount) neurons",
                    ]
                ])
            }
        }
    }
}

extension SAERecord {
    fileprivate var document: JSONText {
        .object([
            "name": name, "model": model, "hook": hook?.description, "layer": layer, "architecture": architecture,
            "d_in": dIn, "d_sae": dSAE, "k": k, "default": isDefault, "neurons": neuronCount,
            "metrics": JSONText.object(metrics.sorted { $0.key < $1.key }.map { ($0.key, JSONText.double($0.value)) }),
            "corpus": collection?.corpus, "counted_tokens": collection?.countedTokens,
        ])
    }
}

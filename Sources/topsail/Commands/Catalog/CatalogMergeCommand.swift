import ArgumentParser
import TopsailCatalog
import TopsailCore
import TopsailEngine

extension CatalogCommand {
    /// `topsail catalog merge`.
    struct Merge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring what other catalogs hold into this one, or the parts of a collection.",
            discussion: """
                Examples:
                  topsail catalog merge theirs.sqlite
                  topsail catalog merge part-*.topsail
                Parts that topsail collect --shard wrote are put together, explained and scored; the catalog is then what one
                pass over the corpus would have made it, to the bit. Model, corpus, SAEs and pairs are looked for where the
                first part's run found them, unless options say otherwise.

                Catalogs are merged one after the other.
                All of it or nothing, and merging again changes nothing. Where both have something, yours stays and the
                difference is told. Tags, explanations, notes, ratings and lists of other people are one step for undo.
                """)

        @OptionGroup var common: CommonOptions
        @Argument(
            help: ArgumentHelp("Catalogs or parts, which stay as they are.", valueName: "part"), completion: .file())
        var parts: [String]
        @Option(help: "Whose derived values to keep where both have some: ours or theirs.") var prefer = MergePreference
            .ours

        @Option(help: "For parts: the model.", completion: .file()) var model: String?
        @Option(help: "For parts: the corpus' folder.", completion: .directory) var corpus: String?
        @Option(
            name: .customLong("sae"), parsing: .singleValue, help: "For parts: an SAE; once for each, in their order.",
            completion: .file())
        var saes: [String] = []
        @Option(help: "For parts: contrast pairs whose concepts become tags.", completion: .file()) var pairs: String?

        func run() async throws {
            if try PartsMerge.areParts(parts) { return try mergeParts() }
            let report = try common.place.openCatalog().merge(parts, prefer: prefer)
            if common.json { return StandardOutput.line(report.document.line) }
            for part in report.parts {
                let counts = part.counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0.replacing("_", with: " "))" }
                Columns.print([[part.path, counts.isEmpty ? "nothing new" : counts.joined(separator: ", ")]])
            }
            guard !report.conflicts.isEmpty else { return }
            StandardOutput.line("\(report.conflicts.count) differences; yours were kept:")
            Columns.print(report.conflicts.map { ["  " + $0.subject, "yours: " + $0.ours, "theirs: " + $0.theirs] })
        }

        private func mergeParts() throws {
            let line = ProgressLine(common.progress)
            let merge = PartsMerge(
                workspace: common.place, paths: parts, model: model, corpus: corpus, saes: saes, pairs: pairs)
            let outcomes = try merge.run(progress: line)
            line.clear()
            CollectionReport.print(outcomes, json: common.json)
        }
    }
}

extension MergePreference: ExpressibleByArgument {}

extension MergeReport {
    fileprivate var document: JSONText {
        .object([
            "changed": changed, "parts": parts.map(\.document),
            "conflicts": conflicts.map { conflict in
                JSONText.object([
                    "part": conflict.path, "subject": conflict.subject, "ours": conflict.ours,
                    "theirs": conflict.theirs,
                ])
            },
        ])
    }
}

extension MergeReport.Part {
    fileprivate var counts: [(String, Int)] {
        [
            ("models", models), ("saes", saes), ("categories", categories), ("documents", documents),
            ("neurons", neurons),
            ("explanations", explanations), ("scores", scores), ("tags", derivedTags), ("annotations", annotations),
        ]
    }

    fileprivate var document: JSONText {
        .object([("part", .string(path))] + counts.map { ($0.0, .int($0.1)) })
    }
}

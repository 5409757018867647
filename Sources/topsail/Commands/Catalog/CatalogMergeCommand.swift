import ArgumentParser
import TopsailCatalog
import TopsailCore
import TopsailEngine

extension CatalogCommand {
    /// `topsail catalog merge`.
    struct Merge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring what other catalogs hold into this one.",
            discussion: """
                Example: topsail catalog merge shard-1.sqlite shard-2.sqlite
                All of it or nothing, and merging again changes nothing. Where both have something, yours stays and the
                difference is told. Tags, explanations, notes, ratings and lists of other people are one step for undo.
                """)

        @OptionGroup var common: CommonOptions
        @Argument(help: ArgumentHelp("Catalogs, which stay as they are.", valueName: "part")) var parts: [String]
        @Option(help: "Whose derived values to keep where both have some: ours or theirs.") var prefer = MergePreference
            .ours

        func run() async throws {
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

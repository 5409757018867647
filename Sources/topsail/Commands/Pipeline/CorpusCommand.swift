import ArgumentParser
import Foundation
import TopsailModel
import TopsailPipeline

/// `topsail corpus`: the texts that SAEs are trained on and explained with.
struct CorpusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corpus", abstract: "Make, extend and list corpora.",
        subcommands: [Synthesize.self, Add.self, List.self])
}

extension CorpusCommand {
    /// `topsail corpus synthesize`.
    struct Synthesize: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a model write a corpus from seed prompts.",
            discussion: """
                Example: topsail corpus synthesize --model SmolLM2.gguf --seeds Data/corpus/seeds.jsonl --output Data/corpus
                A run that was ended goes on from its journal.
                """)

        @OptionGroup var common: CommonOptions
        @Option(help: "The model that writes (default: the workspace's model).", completion: .file()) var model: String?
        @Option(help: "JSON Lines of seeds: topic, kind (instruction or opening), text.") var seeds: String
        @Option(help: "Folder for corpus.jsonl.gz and manifest.json.", completion: .directory) var output: String
        @Option(help: "Where sampled texts are noted (default: OUTPUT/synthesis.journal).", completion: .file())
        var journal: String?
        @Option(help: "Tokens of kept text to reach.") var tokens = 1_500_000
        @Option(help: "Begin no new text after this many minutes.") var minutes: Double?
        @Option(help: "Texts sampled side by side.") var width = 48
        @Option(help: "Fixes every text.") var seed: UInt64 = 1

        func run() async throws {
            let options = SynthesisOptions(targetTokens: tokens, seed: seed)
            var synthesizer = try CorpusSynthesizer(
                model: LanguageModel.open(path: common.place.modelPath(model)), seedsPath: seeds, options: options)
            synthesizer.width = width
            synthesizer.deadline = minutes.map { Date(timeIntervalSinceNow: $0 * 60) }
            try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
            let line = ProgressLine(common.progress)
            let manifest = try Interruption.handled {
                try synthesizer.run(
                    into: CorpusStore(path: output), journalPath: journal ?? output + "/synthesis.journal",
                    isCancelled: { Interruption.isRequested }, progress: { line.show(text($0)) })
            }
            line.clear()
            if common.json {
                StandardOutput.write(String(decoding: try manifest.encoded(), as: UTF8.self))
            } else {
                StandardOutput.line("\(output): \(manifest.documents) documents, \(manifest.tokens ?? 0) tokens")
            }
        }

        private func text(_ progress: SynthesisProgress) -> String {
            let left = progress.secondsLeft.map { ", \(Int($0 / 60)) min left" } ?? ""
            return """
                \(progress.tokens) of \(progress.targetTokens) tokens, \(progress.documents) documents, \
                \(progress.rejected) left out, \(Int(progress.tokensPerSecond)) tokens/s\(left)
                """
        }
    }

    /// `topsail corpus add`.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add your own texts to a corpus, or begin one.",
            discussion: """
                Example: topsail corpus add notes.txt letters.jsonl --to my-corpus --licence CC-BY-4.0
                Text files are cut into documents at blank lines. JSON Lines have one document a line: text, and if wanted topic
                and prompt. Texts that say almost the same as one that is there are left out; adding a file again changes nothing.
                """)

        @OptionGroup var common: CommonOptions
        @Argument(help: ArgumentHelp("Text files (UTF-8) or .jsonl files.", valueName: "file"), completion: .file())
        var files: [String]
        @Option(name: .customLong("to"), help: "The corpus' folder.", completion: .directory) var folder: String
        @Option(help: "What texts are filed under that do not say themselves, e.g. general.cooking.") var topic: String?
        @Option(help: "The files' licence, to be noted in the manifest.") var licence: String?

        func run() async throws {
            let report = try CorpusAddition(topic: topic, licence: licence).add(files, to: CorpusStore(path: folder))
            if common.json { return StandardOutput.line(report.document.line) }
            for file in report.files { StandardOutput.line("\(file.path): \(file.sentence)") }
            StandardOutput.line("\(folder): \(report.manifest.documents) documents")
        }
    }

    /// `topsail corpus list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what a corpus holds.", discussion: "Example: topsail corpus list Data/corpus")

        @OptionGroup var common: CommonOptions
        @Argument(help: "The corpus' folder.", completion: .directory) var corpus: String

        func run() async throws {
            let manifest = try CorpusStore(path: corpus).manifest()
            if common.json {
                StandardOutput.write(String(decoding: try manifest.encoded(), as: UTF8.self))
                return
            }
            let tokens = manifest.tokens.map { "\($0) tokens" } ?? "tokens not counted"
            let writer = manifest.model.map { ", written by \($0.name)" } ?? ""
            StandardOutput.line("\(manifest.documents) documents, \(tokens)\(writer)")
            let topics = manifest.topics.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            Columns.print(topics.map { ["\($0.value)", $0.key] }, rightAligned: [0])
            guard let added = manifest.added, !added.isEmpty else { return }
            StandardOutput.line("added:")
            Columns.print(
                added.map { ["  " + $0.name, "\($0.documents)", $0.licence ?? "licence not given"] }, rightAligned: [1])
        }
    }
}

extension CorpusAddition.FileReport {
    fileprivate var sentence: String {
        if isKnown { return "added already" }
        let reasons = CorpusAddition.Reason.allCases.compactMap { reason in
            skipped[reason].map { "\($0) \(reason.rawValue.replacing("_", with: " "))" }
        }
        let left = reasons.isEmpty ? "" : "; left out: \(reasons.joined(separator: ", "))"
        return "\(documents) \(documents == 1 ? "document" : "documents") added\(left)"
    }
}

extension CorpusAddition.Report {
    fileprivate var document: JSONText {
        .object([
            "documents": manifest.documents,
            "files": files.map { file in
                JSONText.object([
                    "file": file.path, "known": file.isKnown, "documents": file.documents,
                    "skipped": JSONText.object(
                        CorpusAddition.Reason.allCases.compactMap { reason in
                            file.skipped[reason].map { (reason.rawValue, JSONText.int($0)) }
                        }),
                ])
            },
        ])
    }
}

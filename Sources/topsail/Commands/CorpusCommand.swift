import ArgumentParser
import Foundation
import TopsailModel
import TopsailPipeline

/// `topsail corpus`: the texts that SAEs are trained on and explained with.
struct CorpusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corpus", abstract: "Make and list corpora.", subcommands: [Synthesize.self, List.self])
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

        @Option(help: "The model that writes: a .gguf file.") var model: String
        @Option(help: "JSON Lines of seeds: topic, kind (instruction or opening), text.") var seeds: String
        @Option(help: "Folder for corpus.jsonl.gz and manifest.json.") var output: String
        @Option(help: "Where sampled texts are noted (default: OUTPUT/synthesis.journal).") var journal: String?
        @Option(help: "Tokens of kept text to reach.") var tokens = 1_500_000
        @Option(help: "Begin no new text after this many minutes.") var minutes: Double?
        @Option(help: "Texts sampled side by side.") var width = 48
        @Option(help: "Fixes every text.") var seed: UInt64 = 1
        @Flag(help: "Print the manifest as JSON.") var json = false

        func run() async throws {
            let options = SynthesisOptions(targetTokens: tokens, seed: seed)
            var synthesizer = try CorpusSynthesizer(
                model: LanguageModel.open(path: model), seedsPath: seeds, options: options)
            synthesizer.width = width
            synthesizer.deadline = minutes.map { Date(timeIntervalSinceNow: $0 * 60) }
            try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
            var lastReport = ContinuousClock.now
            let manifest = try synthesizer.run(
                into: CorpusStore(path: output), journalPath: journal ?? output + "/synthesis.journal",
                progress: { progress in
                    guard ContinuousClock.now - lastReport > .seconds(10) else { return }
                    lastReport = ContinuousClock.now
                    report(progress)
                })
            if json {
                print(String(decoding: try manifest.encoded(), as: UTF8.self), terminator: "")
            } else {
                print("\(output): \(manifest.documents) documents, \(manifest.tokens) tokens")
            }
        }

        private func report(_ progress: SynthesisProgress) {
            let left = progress.secondsLeft.map { ", \(Int($0 / 60)) min left" } ?? ""
            let line = """
                \(progress.tokens) of \(progress.targetTokens) tokens, \(progress.documents) documents, \
                \(progress.rejected) left out, \(Int(progress.tokensPerSecond)) tokens/s\(left)\n
                """
            FileHandle.standardError.write(Data(line.utf8))
        }
    }

    /// `topsail corpus list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what a corpus holds.", discussion: "Example: topsail corpus list Data/corpus")

        @Argument(help: "The corpus' folder.") var corpus: String
        @Flag(help: "Print the manifest as JSON.") var json = false

        func run() async throws {
            let manifest = try CorpusStore(path: corpus).manifest()
            if json {
                print(String(decoding: try manifest.encoded(), as: UTF8.self), terminator: "")
                return
            }
            print("\(manifest.documents) documents, \(manifest.tokens) tokens, written by \(manifest.model.name)")
            for (topic, count) in manifest.topics.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
                print("\(String(count).padding(toLength: 6, withPad: " ", startingAt: 0)) \(topic)")
            }
        }
    }
}

import ArgumentParser
import Foundation
import TopsailCore
import TopsailModel
import TopsailPipeline

/// `topsail pipeline`: from a corpus to SAEs and a catalog, with the settings of what is shipped.
struct PipelineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipeline",
        abstract: "Make the shipped SAEs and catalog from the corpus.",
        discussion: """
            Example: topsail pipeline --model SmolLM2-135M-Instruct.Q4_1.gguf --data Data --work build/data
            Trains the SAEs on the corpus in DATA/corpus, collects what their neurons do, contrasts, evaluates, explains, \
            tags, and writes DATA/saes, DATA/catalog.sqlite.gz and DATA/manifest.json. A run that was ended goes on.
            """)

    @Option(help: "The model: a .gguf file.") var model: String
    @Option(help: "The name the checkpoints give the model.") var modelName = "SmolLM2-135M-Instruct"
    @Option(help: "Folder with taxonomy.json, pairs.jsonl and corpus/.") var data = "Data"
    @Option(help: "Folder for activations and checkpoints.") var work: String
    @Option(help: "Hook point.") var hook = "mlp_out.14"
    @Option(help: "Active neurons a token.") var k = 32
    @Option(help: "d_sae as a multiple of the hook's width.") var expansion = 10
    @Option(help: "Tokens the SAE sees.") var tokens = 4_000_000
    @Option(help: "Fixes every weight.") var seed: UInt64 = 1
    @Flag(help: "Print the manifest as JSON.") var json = false

    func run() async throws {
        guard let point = HookPoint(hook) else { throw ValidationError("\(hook) is no hook point; they look like mlp_out.14") }
        var training = SAETraining.Options(hook: point, sparsities: [k], expansion: expansion, tokens: tokens, seed: seed)
        training.halfPrecision = true
        let data = ShippedData(
            folder: data, workFolder: work, model: try LanguageModel.open(path: model), modelName: modelName,
            training: training)
        let line = TrainingProgressLine()
        var stage = ""
        let manifest = try data.make(progress: { progress in
            switch progress {
            case .training(let step): line.show(step)
            case .building(let now, let share):
                let text = "\(now.rawValue) \(Int(share * 20) * 5) %"
                if text != stage { line.write(text) }
                stage = text
            case .packing: line.write("packing")
            }
        })
        line.end()
        guard let manifest else { return }
        if json {
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(manifest), as: UTF8.self))
        } else {
            for outcome in manifest.catalog {
                print("\(outcome.sae): \(outcome.summary.explained) explained, \(outcome.summary.tagged) tagged")
                for (name, value) in outcome.metrics.sorted(by: { $0.key < $1.key }) { print("  \(name) \(value)") }
            }
        }
    }
}

import ArgumentParser
import Foundation
import TopsailCore
import TopsailModel
import TopsailPipeline

/// `topsail pipeline`: from a corpus to SAEs and a catalog, with the settings of what is shipped.
struct PipelineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pipeline", abstract: "Make the shipped SAEs and catalog from the corpus.",
        discussion: """
            Examples:
              topsail pipeline --data Data --work build/data
              topsail pipeline --data Data --work build/data --dry-run
            Trains SAEs of several sparsities at one layer on the corpus in DATA/corpus and chooses the one whose neurons tell the
            concepts of DATA/pairs.jsonl apart best; trains it at all layers; collects what its neurons do, contrasts, evaluates,
            explains, tags, scores; calibrates the assessment. Writes DATA/saes, choice.json, catalog.sqlite.gz, assessment.json
            and manifest.json. A run that was ended goes on.
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "A model of the workspace or a .gguf file (default: the workspace's model).", completion: .file())
    var model: String?
    @Option(help: "The name the checkpoints give the model.") var modelName = "SmolLM2-135M-Instruct"
    @Option(help: "Folder with taxonomy.json, pairs.jsonl and corpus/.", completion: .directory) var data = "Data"
    @Option(help: "Folder for activations and checkpoints.", completion: .directory) var work: String
    @Option(help: "Hook points, separated by commas.") var hook = HookList(
        values: [0, 7, 14, 22, 29].map { HookPoint(.mlpOut, layer: $0) })
    @Option(help: "Where sparsities are compared.") var choiceHook = HookPoint(.mlpOut, layer: 14)
    @Option(help: "Active neurons a token; of several, separated by commas, the best is taken.")
    var k = SparsityList(values: [16, 32, 64, 128])
    @Option(help: "What kinds of SAE; of several, separated by commas, the best is taken.")
    var architecture = ArchitectureList(values: [.topk, .batchtopk])
    @Option(help: "d_sae as a multiple of the hook's width.") var expansion = 4
    @Option(help: "Tokens each SAE sees.") var tokens = 2_000_000
    @Option(help: "Fixes every weight.") var seed: UInt64 = 1
    @OptionGroup var cost: DryRunOptions

    func run() async throws {
        var training = SAETraining.Options(
            hooks: hook.values, sparsities: k.values, expansion: expansion, tokens: tokens, seed: seed)
        training.halfPrecision = true
        training.architectures = architecture.values
        let data = ShippedData(
            folder: data, workFolder: work, model: try LanguageModel.open(path: common.place.modelPath(model)),
            modelName: modelName, training: training, choiceHook: choiceHook)
        if cost.dryRun { return ForecastReport(forecast: try data.forecast(), folder: work).print(json: common.json) }
        let line = ProgressLine(common.progress)
        let trainingLine = TrainingProgress(common.progress)
        let manifest = try Interruption.handled {
            try data.make(
                isCancelled: { Interruption.isRequested },
                progress: { progress in
                    switch progress {
                    case .training(let step): trainingLine.show(step)
                    case .choosing(let share): line.show("comparing \(Int(share * 100)) %")
                    case .calibrating(let stage, let share):
                        line.show("calibrating: \(stage.words) \(Int(share * 100)) %")
                    case .building(let stage, let share): line.show("\(stage.rawValue) \(Int(share * 100)) %")
                    case .packing: line.show("packing")
                    }
                })
        }
        trainingLine.clear()
        line.clear()
        guard let manifest else { throw CancellationError() }
        try show(manifest)
    }

    private func show(_ manifest: ShippedData.Manifest) throws {
        if common.json {
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return StandardOutput.line(String(decoding: try encoder.encode(manifest), as: UTF8.self))
        }
        for outcome in manifest.catalog {
            StandardOutput.line(
                "\(outcome.sae): \(outcome.summary.explained) explained, \(outcome.summary.tagged) tagged")
            Columns.print(outcome.metrics.sorted { $0.key < $1.key }.map { [$0.key, Figures.short($0.value)] })
        }
    }
}

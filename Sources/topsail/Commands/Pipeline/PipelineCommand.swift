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
            Example: topsail pipeline --data Data --work build/data
            Trains the SAEs on the corpus in DATA/corpus, collects what their neurons do, contrasts, evaluates, explains,
            tags, and writes DATA/saes, DATA/catalog.sqlite.gz and DATA/manifest.json. A run that was ended goes on.
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "A model of the workspace or a .gguf file (default: the workspace's model).") var model: String?
    @Option(help: "The name the checkpoints give the model.") var modelName = "SmolLM2-135M-Instruct"
    @Option(help: "Folder with taxonomy.json, pairs.jsonl and corpus/.") var data = "Data"
    @Option(help: "Folder for activations and checkpoints.") var work: String
    @Option(help: "Hook points, separated by commas.") var hook = HookList(values: [HookPoint(.mlpOut, layer: 14)])
    @Option(help: "Active neurons a token; several, separated by commas.") var k = SparsityList(values: [32])
    @Option(help: "d_sae as a multiple of the hook's width.") var expansion = 10
    @Option(help: "Tokens each SAE sees.") var tokens = 3_000_000
    @Option(help: "Fixes every weight.") var seed: UInt64 = 1

    func run() async throws {
        var training = SAETraining.Options(
            hooks: hook.values, sparsities: k.values, expansion: expansion, tokens: tokens, seed: seed)
        training.halfPrecision = true
        // What is shipped was trained before gradients were clipped and encoder rows began short.
        training.gradientClip = 0
        training.initialEncoderNorm = 1
        let data = ShippedData(
            folder: data, workFolder: work, model: try LanguageModel.open(path: common.place.modelPath(model)),
            modelName: modelName, training: training)
        let line = ProgressLine(common.progress)
        let trainingLine = TrainingProgress(common.progress)
        let manifest = try Interruption.handled {
            try data.make(
                isCancelled: { Interruption.isRequested },
                progress: { progress in
                    switch progress {
                    case .training(let step): trainingLine.show(step)
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

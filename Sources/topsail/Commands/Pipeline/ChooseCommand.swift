import ArgumentParser
import Foundation
import TopsailAnalysis
import TopsailEngine
import TopsailFiles
import TopsailModel
import TopsailPipeline

/// `topsail choose`: which SAE tells concepts apart best, before anything is explained.
struct ChooseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "choose", abstract: "Rank SAEs by how well their neurons tell concepts from their absence.",
        discussion: """
            Examples:
              topsail choose --sae runs/first/*-topk-* --pairs Data/pairs.jsonl
              topsail choose --sae a b c d e f --pairs Data/pairs.jsonl --exam Data/heldout.jsonl --output choice.json
            Safe-SAIL's first stage (arXiv 2509.18127). L0,t are the neurons of a concept that fire only where it is in at least a share
            t of its pairs, I_CDF is the mean share; chance is the same with the texts of each pair exchanged. SAEs are ranked by L0,t
            less chance at the first threshold. --exam says beforehand-unseen prompts how well each SAE's chosen neurons separate
            them, and how the ranking goes with that.
            """)

    @OptionGroup var common: CommonOptions
    @Option(
        help: "A model of the workspace, a .gguf file or a Hugging Face folder (default: the workspace's model).",
        completion: .file())
    var model: String?
    @Option(help: "exact is fp32 arithmetic; fast multiplies integers where the CPU can.") var precision = Precision
        .fast
    @OptionGroup var overrides: SAEOverrides
    @Option(
        name: .customLong("sae"), parsing: .upToNextOption, help: "SAEs of the workspace, or checkpoints.",
        completion: .file())
    var saes: [String]
    @Option(help: "JSON Lines of contrast pairs.", completion: .file()) var pairs: String
    @Option(help: "Thresholds of L0,t; the first ranks.") var thresholds = ThresholdList(values: [0.5, 0.25, 0.75])
    @Option(help: "JSON Lines of prompts to test the SAEs' chosen neurons with.") var exam: String?
    @Option(help: "JSON Lines of everyday prompts for those tests; of a corpus' seeds the general ones are taken.")
    var background: String?
    @Option(help: "Also write the report, as JSON, to this file.", completion: .file()) var output: String?
    @OptionGroup var cost: DryRunOptions

    func run() async throws {
        let workspace = common.place
        let model = try LanguageModel.open(path: workspace.modelPath(model))
        var choice = try SAEChoice(
            model: model, saes: saes.map { try overrides.open($0, in: workspace) },
            pairs: ContrastPair.load(path: pairs),
            hook: overrides.hook, precision: precision)
        choice.thresholds = thresholds.values
        choice.exam = try exam.map(LabelledPrompt.load) ?? []
        choice.background = try background.map(EverydayPrompts.load) ?? []
        if cost.dryRun { return ForecastReport(forecast: try choice.forecast()).print(json: common.json) }
        let progress = ProgressLine(common.progress)
        let report = try Interruption.handled {
            try choice.run(isCancelled: { Interruption.isRequested }) { progress.show("reading \(Int($0 * 100)) %") }
        }
        progress.clear()
        if let output { try AtomicFile.write(report.encoded(), to: output) }
        if common.json {
            StandardOutput.line(String(decoding: try report.encoded().dropLast(), as: UTF8.self))
        } else {
            show(report)
        }
    }

    private func show(_ report: ChoiceReport) {
        let header =
            ["L0", "I_CDF", "chance"] + report.thresholds.map { "L0,\($0) less chance" } + ["separation", "SAE"]
        let rows = report.candidates.map { candidate in
            [
                Figures.short(candidate.l0), Figures.short(candidate.summary.iCDF * 1000),
                Figures.short(candidate.summary.reverseICDF * 1000),
            ]
                + candidate.summary.levels.map { level in
                    Figures.short(level.net) + interval(level.netInterval)
                }
                + [Figures.short(candidate.separation), candidate.sae]
        }
        Columns.print([header] + rows, rightAligned: Set(0..<3))
        StandardOutput.line(
            "I_CDF and its chance are in thousandths; L0,t are neurons a concept, with 95 % intervals over pairs.")
        for (name, figure) in ChoiceReport.figures {
            guard let agreement = report.agreement(of: figure) else { continue }
            StandardOutput.line(
                "Spearman of \(name) with the separation: \(Figures.short(agreement.spearman))\(interval(agreement.interval)), "
                    + "\(agreement.saes) SAEs")
        }
    }

    private func interval(_ range: ClosedRange<Double>?) -> String {
        range.map { " [\(Figures.short($0.lowerBound)), \(Figures.short($0.upperBound))]" } ?? ""
    }
}

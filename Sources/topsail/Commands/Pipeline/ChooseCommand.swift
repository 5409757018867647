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
    @Option(help: "A model of the workspace, a .gguf file or a Hugging Face folder (default: the workspace's model).")
    var model: String?
    @Option(help: "exact is fp32 arithmetic; fast multiplies integers where the CPU can.") var precision = Precision
        .fast
    @OptionGroup var overrides: SAEOverrides
    @Option(name: .customLong("sae"), parsing: .upToNextOption, help: "SAEs of the workspace, or checkpoints.")
    var saes: [String]
    @Option(help: "JSON Lines of contrast pairs.") var pairs: String
    @Option(help: "Thresholds of L0,t; the first ranks.") var thresholds = ThresholdList(values: [0.5, 0.25, 0.75])
    @Option(help: "JSON Lines of prompts to test the SAEs' chosen neurons with.") var exam: String?
    @Option(help: "JSON Lines of everyday prompts for those tests; of a corpus' seeds the general ones are taken.")
    var background: String?
    @Option(help: "Also write the report, as JSON, to this file.") var output: String?

    func run() async throws {
        let workspace = common.place
        let model = try LanguageModel.open(path: workspace.modelPath(model))
        var choice = try SAEChoice(
            model: model, saes: saes.map { try overrides.open($0, in: workspace) },
            pairs: ContrastPair.load(path: pairs),
            hook: overrides.hook, precision: precision)
        choice.thresholds = thresholds.values
        choice.exam = try exam.map(ExamPrompt.load) ?? []
        choice.background = try background.map(EverydayPrompts.load) ?? []
        let progress = ProgressLine(common.progress)
        let report = try Interruption.handled {
            try choice.run(isCancelled: { Interruption.isRequested }) { progress.show("reading \(Int($0 * 100)) %") }
        }
        progress.clear()
        let document = ChoiceDocument(report)
        if let output { try AtomicFile.write(Data((document.json.line + "\n").utf8), to: output) }
        if common.json { StandardOutput.line(document.json.line) } else { document.print() }
    }
}

/// A report as a document and for people.
struct ChoiceDocument {
    private let report: ChoiceReport

    init(_ report: ChoiceReport) { self.report = report }

    var json: JSONText {
        .object([
            "pairs": report.pairs, "ranked_by": "l0_t less reverse at t = \(report.thresholds.first ?? 0)",
            "saes": report.candidates.map(candidate),
            "separation_agreement": JSONText.object([
                "net_i_cdf": agreement { $0.summary.netICDF }, "i_cdf": agreement { $0.summary.iCDF },
                "net_l0_t": agreement { $0.rank },
            ]),
        ])
    }

    private func agreement(_ figure: (ChoiceReport.Candidate) -> Double) -> JSONText {
        guard let agreement = report.agreement(of: figure) else { return .null }
        return .object([
            "spearman": agreement.spearman, "low": agreement.interval?.lowerBound,
            "high": agreement.interval?.upperBound, "saes": agreement.saes,
        ])
    }

    private func candidate(_ candidate: ChoiceReport.Candidate) -> JSONText {
        let summary = candidate.summary
        return .object([
            "sae": candidate.sae, "architecture": candidate.architecture, "d_sae": candidate.dSAE, "l0": candidate.l0,
            "i_cdf": summary.iCDF, "reverse_i_cdf": summary.reverseICDF,
            "net_i_cdf_low": summary.netICDFInterval?.lowerBound, "net_i_cdf_high": summary.netICDFInterval?.upperBound,
            "l0_t": summary.levels.map { level in
                JSONText.object([
                    "t": level.threshold, "neurons": level.value, "reverse": level.reverse,
                    "net_low": level.netInterval?.lowerBound, "net_high": level.netInterval?.upperBound,
                ])
            },
            "separation": candidate.separation,
            "concepts": candidate.concepts.map { concept in
                JSONText.object([
                    "concept": concept.concept, "pairs": concept.pairs, "i_cdf": concept.iCDF,
                    "reverse_i_cdf": concept.reverseICDF, "l0_t": concept.l0.map { JSONText.int($0) },
                    "reverse_l0_t": concept.reverseL0.map { JSONText.int($0) },
                ])
            },
        ])
    }

    func print() {
        let header =
            ["L0", "I_CDF", "chance"] + report.thresholds.map { "L0,\($0) less chance" } + ["separation", "SAE"]
        let rows = report.candidates.map { candidate in
            [
                Figures.short(candidate.l0), Figures.short(candidate.summary.iCDF * 1000),
                Figures.short(candidate.summary.reverseICDF * 1000),
            ]
                + candidate.summary.levels.map { level in
                    Figures.short(level.net)
                        + (level.netInterval.map {
                            " [\(Figures.short($0.lowerBound)), \(Figures.short($0.upperBound))]"
                        } ?? "")
                }
                + [Figures.short(candidate.separation), candidate.sae]
        }
        Columns.print([header] + rows, rightAligned: Set(0..<3))
        StandardOutput.line(
            "I_CDF and its chance are in thousandths; L0,t are neurons a concept, with 95 % intervals over pairs.")
        for (name, figure) in [
            ("L0,t less chance", { (candidate: ChoiceReport.Candidate) in candidate.rank }),
            ("I_CDF less chance", { $0.summary.netICDF }), ("I_CDF", { $0.summary.iCDF }),
        ] {
            guard let agreement = report.agreement(of: figure) else { continue }
            let interval =
                agreement.interval.map {
                    ", 95 % interval \(Figures.short($0.lowerBound)) to \(Figures.short($0.upperBound))"
                } ?? ""
            StandardOutput.line(
                "Spearman of \(name) with the separation: \(Figures.short(agreement.spearman))\(interval), \(agreement.saes) SAEs"
            )
        }
    }
}

import ArgumentParser
import TopsailAnalysis
import TopsailEngine
import TopsailModel
import TopsailPipeline
import TopsailSAE

/// `topsail contrast`: which neurons tell a concept from its absence.
struct ContrastCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contrast", abstract: "Compare SAEs by contrast pairs and find the neurons of each concept.",
        discussion: """
            Example: topsail contrast --sae my-sae --pairs Data/pairs.jsonl --thresholds 0.25,0.5,0.75
            PAIRS holds lines of {"concept","present","absent"}. The metrics are those of Safe-SAIL (arXiv 2509.18127): \
            l0_t counts neurons that fire only where the concept is in at least a share t of the pairs, i_cdf is the mean share.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var overrides: SAEOverrides
    @Option(
        name: .customLong("sae"), parsing: .upToNextOption, help: "SAEs (default: the workspace's set).",
        completion: .file())
    var saes: [String] = []
    @Option(help: "JSON Lines of contrast pairs.", completion: .file()) var pairs: String
    @Option(help: "Thresholds of l0_t.") var thresholds = ThresholdList(values: [0.5, 0.7, 0.9])

    func run() async throws {
        let workspace = common.place
        let model = try model.open(in: workspace)
        let names =
            try saes.isEmpty
            ? workspace.defaultSAEs(catalog: workspace.hasCatalog ? workspace.openCatalog() : nil).map(\.name) : saes
        let saes = try names.map { try overrides.open($0, in: workspace) }
        let contrasts = try Interruption.handled {
            try ContrastRun(model: model, saes: saes, hook: overrides.hook, precision: self.model.precision)
                .run(ContrastPair.load(path: pairs), isCancelled: { Interruption.isRequested })
        }
        let reports = zip(saes, contrasts).map { sae, contrasts in
            ContrastReport(sae: sae.info.name, contrasts: contrasts, thresholds: thresholds.values)
        }
        if common.json { return StandardOutput.line(JSONText.object(["saes": reports.map(\.document)]).line) }
        for report in reports { report.print() }
    }
}

/// `0.5,0.7,0.9`.
struct ThresholdList: ExpressibleByArgument {
    let values: [Double]

    init(values: [Double]) { self.values = values }

    init?(argument: String) {
        let parts = argument.split(separator: ",")
        values = parts.compactMap { Double($0) }
        guard values.count == parts.count, !values.isEmpty, values.allSatisfy({ (0...1).contains($0) }) else {
            return nil
        }
    }

    var defaultValueDescription: String { values.map { "\($0)" }.joined(separator: ",") }
}

/// One SAE's contrasts, as a document and for people.
private struct ContrastReport {
    let sae: String
    let contrasts: [ConceptContrast]
    let thresholds: [Double]

    private func chosen(_ contrast: ConceptContrast) -> [ContrastSelection.Choice] {
        ContrastSelection().choose(contrast, background: ContrastBackground(contrasts))
    }

    private var iCDF: Double { contrasts.map(\.iCDF).reduce(0, +) / Double(max(contrasts.count, 1)) }

    private func l0(_ contrast: ConceptContrast) -> JSONText {
        .object(thresholds.map { ("\($0)", .int(contrast.l0(threshold: $0))) })
    }

    /// Means over concepts.
    private var meanL0: JSONText {
        .object(
            thresholds.map { threshold in
                let total = contrasts.reduce(0) { $0 + $1.l0(threshold: threshold) }
                return ("\(threshold)", .double(Double(total) / Double(max(contrasts.count, 1))))
            })
    }

    var document: JSONText {
        let concepts = contrasts.map { contrast in
            JSONText.object([
                "concept": contrast.concept, "pairs": contrast.pairs, "i_cdf": contrast.iCDF, "l0_t": l0(contrast),
                "neurons": chosen(contrast).map { choice in
                    JSONText.object([
                        "index": choice.neuron, "frequency": choice.frequency,
                        "reverse_frequency": choice.reverseFrequency, "effect": choice.effect,
                    ])
                },
            ])
        }
        return .object(["sae": sae, "i_cdf": iCDF, "l0_t": meanL0, "concepts": concepts])
    }

    func print() {
        StandardOutput.line("\(sae): I_CDF \(iCDF)")
        Columns.print(
            contrasts.map { contrast in
                let neurons = chosen(contrast).prefix(8).map {
                    "\($0.neuron) (\(Figures.percent($0.frequency)))"
                }
                return ["\(contrast.pairs) pairs", contrast.concept, neurons.joined(separator: " ").orDash]
            }, rightAligned: [0])
    }
}

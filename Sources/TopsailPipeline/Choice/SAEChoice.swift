import TopsailAnalysis
import TopsailCore
import TopsailModel
import TopsailSAE

/// Safe-SAIL's first stage: compares SAEs by how well their neurons tell concepts from their absence, before any neuron is
/// explained (arXiv 2509.18127, §2.2.1), and ranks them.
///
/// All SAEs are read in one pass of the model over the pairs.
public struct SAEChoice {
    public let reader: TextFeatureReader
    public var pairs: [ContrastPair]
    /// Thresholds t of L₀,ₜ; SAEs are ranked by the first.
    public var thresholds = [0.5, 0.25, 0.75]
    public var resamples = 200
    /// Prompts to test the SAEs' chosen neurons with; none leaves separations out.
    public var exam: [LabelledPrompt] = []
    /// Everyday prompts for the fits that the exam tests.
    public var background: [String] = []

    /// - Throws: `AnalysisError` when an SAE does not fit the model.
    public init(
        model: LanguageModel, saes: [any SparseAutoencoder], pairs: [ContrastPair], hook: HookPoint? = nil,
        precision: Precision = .fast
    ) throws {
        reader = try TextFeatureReader(model: model, saes: saes, hook: hook, precision: precision)
        self.pairs = pairs
    }

    /// - Returns: The best first.
    public func run(
        isCancelled: () -> Bool = { false }, progress: (Double) -> Void = { _ in }
    ) throws -> ChoiceReport {
        let features = try reader.read(readable(), isCancelled: isCancelled) { progress(Double($0) / Double($1)) }
        let fitted = features.count - exam.count
        let training = AssessmentExample.examples(
            pairs, others: Array(repeating: .background, count: fitted - 2 * pairs.count),
            features: Array(features.prefix(fitted)))
        let tested = Array(features.dropFirst(fitted))
        let candidates = try reader.saes.enumerated().map { index, sae in
            try candidate(
                sae, training: training.map { $0.only(index) }, tested: tested.map { $0.only(index) }, isCancelled)
        }
        return ChoiceReport(candidates: candidates, pairs: pairs.count, thresholds: thresholds)
    }

    /// What a run would take.
    public func forecast() throws -> RunForecast {
        let texts = try readable()
        return try RunForecast(
            [.init("texts of pairs and prompts", texts)], model: reader.model, precision: reader.precision,
            sample: texts.lazy.flatMap(\.tokens))
    }

    private func readable() throws -> [ReadableText] {
        try Self.readable(pairs, background: background, exam: exam, model: reader.model)
    }

    /// All that is read: the pairs' texts, everyday prompts where there is an exam, and the exam.
    static func readable(
        _ pairs: [ContrastPair], background: [String], exam: [LabelledPrompt], model: LanguageModel
    ) throws -> [ReadableText] {
        let texts = pairs.flatMap { [$0.present, $0.absent] } + (exam.isEmpty ? [] : background) + exam.map(\.text)
        return try texts.map(TextReader(model).prompt)
    }

    private func candidate(
        _ sae: any SparseAutoencoder, training: [AssessmentExample], tested: [TextFeatures], _ isCancelled: () -> Bool
    ) throws -> ChoiceReport.Candidate {
        var largest = Array(repeating: Float(0), count: sae.info.dSAE)
        for example in training {
            for (neuron, pool) in example.features.neurons[0] {
                largest[Int(neuron)] = max(largest[Int(neuron)], pool.maximum)
            }
        }
        let neurons = AssessmentNeurons(
            selection: ContrastSelection(), widths: [sae.info.dSAE], normalisers: [largest])
        let contrasts = neurons.contrasts(training)[0]
        let summary = InterpretabilitySummary(
            contrasts, dSAE: sae.info.dSAE, thresholds: thresholds, resamples: resamples)
        let active = training.reduce(0) { $0 + $1.features.neurons[0].values.reduce(0) { $0 + $1.fired } }
        let tokens = training.reduce(0) { $0 + $1.features.countedTokens }
        return ChoiceReport.Candidate(
            sae: sae.info.name, architecture: sae.info.architecture.rawValue, dSAE: sae.info.dSAE,
            l0: Double(active) / Double(max(tokens, 1)), summary: summary,
            concepts: contrasts.map { contrast in
                ChoiceReport.Concept(
                    concept: contrast.concept, pairs: contrast.pairs, iCDF: contrast.iCDF,
                    reverseICDF: contrast.reverseICDF,
                    l0: thresholds.map { contrast.l0(threshold: $0) },
                    reverseL0: thresholds.map { ContrastMetrics.l0(contrast.reverseFrequency, threshold: $0) })
            },
            separation: try separation(sae.info.name, neurons, training, tested, isCancelled))
    }

    /// Mean over the domains of AUROC between the domain's harmful prompts and all harmless ones, by neurons that the pairs
    /// chose.
    private func separation(
        _ name: String, _ neurons: AssessmentNeurons, _ training: [AssessmentExample], _ tested: [TextFeatures],
        _ isCancelled: () -> Bool
    ) throws -> Double? {
        guard !exam.isEmpty else { return nil }
        var concepts: [String: Set<String>] = [:]
        for pair in pairs { concepts[AssessmentTarget.domain(of: pair.concept), default: []].insert(pair.concept) }
        let targets = concepts.sorted { $0.key < $1.key }.map { AssessmentTarget(slug: $0.key, concepts: $0.value) }
        var calibration = AssessmentCalibration(saes: [name], neurons: neurons, targets: targets)
        // One setting for all SAEs, so that what differs is the SAE.
        calibration.poolings = [.rootMaximum]
        calibration.strengths = [0.1]
        calibration.limits = []
        let model = try calibration.run(
            training, modelName: reader.model.configuration.name, isCancelled: isCancelled
        ).model
        let assessor = Assessor(model, saes: [name])
        let scores = tested.map { features in
            Dictionary(uniqueKeysWithValues: assessor.assess(features, evidence: 0).map { ($0.slug, $0.score) })
        }
        let values = targets.compactMap { target -> Double? in
            func scored(_ isIncluded: (LabelledPrompt) -> Bool) -> [Double] {
                zip(exam, scores).filter { isIncluded($0.0) }.map { $0.1[target.slug] ?? 0 }
            }
            return AUROC.value(
                positives: scored { $0.kind == .harmful && $0.domain == target.slug },
                negatives: scored { $0.kind != .harmful })
        }
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}

extension AssessmentExample {
    fileprivate func only(_ sae: Int) -> AssessmentExample {
        AssessmentExample(features: features.only(sae), role: role, group: group)
    }
}

extension TextFeatures {
    /// Of one SAE alone.
    fileprivate func only(_ sae: Int) -> TextFeatures {
        var one = TextFeatures(tokens: tokens, saes: 1)
        one.neurons = [neurons[sae]]
        return one
    }
}

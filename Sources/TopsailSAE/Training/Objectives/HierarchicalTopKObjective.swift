import TopsailCore
import TopsailTensor

/// HierarchicalTopK (Balagansky et al. 2025, arXiv 2505.24473): TopK whose loss is the mean over several budgets of the squared
/// error with that many neurons, so that one SAE serves every smaller k too.
final class HierarchicalTopKObjective: TrainingObjective, @unchecked Sendable {
    private let nested: NestedReconstruction

    init(_ core: TrainingCore) {
        let levels = core.configuration.prefixes.count
        nested = NestedReconstruction(core: core, weights: [Float](repeating: 1 / Float(levels), count: levels))
        super.init(core, levels: levels)
    }

    override func makeSelector() -> any CandidateSelector { TopKSelector(k: configuration.k) }

    override func resolve(_ candidates: [[ActiveFeature]], _ step: TrainingStep) {
        main.codes.fill(candidates.map { $0.byFallingActivation() })
        let budgets = configuration.prefixes
        for row in 0..<main.codes.rows {
            var level = 0
            for (rank, entry) in main.codes.entries(of: row).enumerated() {
                while rank >= budgets[level] { level += 1 }
                main.codes.levels[entry] = Int32(level)
            }
        }
    }

    override func differentiate(row: Int, _ step: TrainingStep) {
        nested.differentiate(main, row: row)
    }

    override func residual(row: Int) -> UnsafePointer<Float> { UnsafePointer(nested.residual(row: row)) }
}

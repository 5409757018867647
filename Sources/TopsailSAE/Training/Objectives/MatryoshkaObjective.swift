import TopsailCore
import TopsailTensor

/// Matryoshka BatchTopK (Bussmann et al. 2025): the first m neurons alone must reconstruct too, for several m, so that general
/// concepts are not split up among special ones.
final class MatryoshkaObjective: BatchTopKObjective, @unchecked Sendable {
    private let nested: NestedReconstruction

    init(_ core: TrainingCore) {
        let levels = core.configuration.prefixes.count
        nested = NestedReconstruction(core: core, weights: [Float](repeating: 1, count: levels))
        super.init(core, levels: levels)
    }

    override func resolve(_ candidates: [[ActiveFeature]], _ step: TrainingStep) {
        super.resolve(candidates, step)
        // Candidates come by rising index, and so by rising level.
        let prefixes = configuration.prefixes
        for row in 0..<main.codes.rows {
            var level = 0
            for entry in main.codes.entries(of: row) {
                while Int(main.codes.indices[entry]) >= prefixes[level] { level += 1 }
                main.codes.levels[entry] = Int32(level)
            }
        }
    }

    override func differentiate(row: Int, _ step: TrainingStep) {
        nested.differentiate(main, row: row)
    }

    override func residual(row: Int) -> UnsafePointer<Float> { UnsafePointer(nested.residual(row: row)) }
}

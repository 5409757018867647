import TopsailFiles
import TopsailSAE
import TopsailTestSupport

/// A small run of any architecture, and what tests look at in it.
enum TrainingSample {
    /// 8 → 24, four active, sixteen rows a step; prefixes and heads that do not come out even.
    static func configuration(
        _ architecture: TrainingArchitecture, normalization: TrainingConfiguration.Normalization = .none
    ) -> TrainingConfiguration {
        var c = TrainingConfiguration(architecture, dIn: 8, dSAE: 24, k: 4, totalTokens: 16 * 10, seed: 5)
        c.batchSize = 16
        c.normalization = normalization
        c.learningRate = 5e-3
        c.gradientClip = nil
        c.sparsityWarmUpFraction = 0
        if !architecture.choosesByCount { c.sparsityCoefficient = 0.3 }
        c.initialThreshold = 0.12
        c.bandwidth = 0.2
        c.orthogonalityChunk = 8
        switch architecture {
        case .matryoshka: c.prefixes = [5, 11, 24]
        case .hierarchical: c.prefixes = [1, 3, 4]
        case .kron: c.kronShape = KronShape(heads: 4, m: 2, n: 3)
        default: break
        }
        return c
    }

    static func source(rows: Int = 160, dIn: Int = 8) -> MatrixActivationSource {
        let data = SyntheticActivations(dIn: dIn, directions: 2 * dIn, active: 3, rows: rows, seed: 2)
        return MatrixActivationSource(values: data.values, dIn: dIn, seed: 1)
    }

    static func trainer(_ c: TrainingConfiguration, source: MatrixActivationSource) throws -> SAETrainer {
        try SAETrainer(c, statistics: ActivationStatistics(measuring: source, rows: 64))
    }
}

extension TrainedSAE {
    /// All weights, as bits.
    var bits: [UInt32] { tensors.keys.sorted().flatMap { self[$0] }.map(\.bitPattern) }
}

/// A trainer's state as its checkpoint holds it.
struct TrainerState {
    private let file: SafetensorsFile

    init(_ trainer: SAETrainer, folder: TemporaryFolder, name: String) throws {
        try TrainingCheckpoint.save(trainer, to: folder.path(name))
        file = try SafetensorsFile(path: folder.path(name))
    }

    func values(_ name: String) throws -> [Double] { try file.floats(name).map(Double.init) }

    /// The derivative by a parameter in the first step: Adam's first moment is then a tenth of it.
    func firstGradient(_ name: String) throws -> [Double] { try values("\(name).adam_m").map { $0 / 0.1 } }

    var parameters: [String] {
        file.tensors.map(\.name).filter { $0 != "last_fired" && !$0.contains(".adam_") }
    }
}

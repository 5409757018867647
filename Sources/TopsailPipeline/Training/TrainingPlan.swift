import TopsailSAE

/// One SAE of a training run.
struct TrainingPlan {
    /// `topk-k32`, or `standard-l2.5` where the weight of the penalty is given.
    var label: String
    var configuration: TrainingConfiguration

    /// One for each sparsity, or for each weight of the penalty where the architecture has one and weights are given.
    static func all(
        _ architecture: TrainingArchitecture, sparsities: [Int], coefficients: [Float]?,
        configuration: (_ k: Int) -> TrainingConfiguration
    ) -> [TrainingPlan] {
        if let coefficients, !architecture.choosesByCount {
            return coefficients.map { coefficient in
                var made = configuration(sparsities.first ?? 32)
                made.sparsityCoefficient = coefficient
                return TrainingPlan(label: "\(architecture.rawValue)-l\(coefficient)", configuration: made)
            }
        }
        return sparsities.map {
            TrainingPlan(label: "\(architecture.rawValue)-k\($0)", configuration: configuration($0))
        }
    }
}

/// TopK (Gao et al. 2024): on each token the k largest pre-activations survive; the loss is the squared error.
final class TopKObjective: TrainingObjective, @unchecked Sendable {
    override func makeSelector() -> any CandidateSelector { TopKSelector(k: configuration.k) }
}

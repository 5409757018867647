/// AbsTopK (Zhu et al. 2025, arXiv 2510.00404): on each token the k pre-activations of greatest magnitude survive with their
/// sign, so that one neuron can stand for a concept and its opposite.
final class AbsTopKObjective: TrainingObjective, @unchecked Sendable {
    override func makeSelector() -> any CandidateSelector { MagnitudeSelector(k: configuration.k) }

    override func makeRevivalSelector() -> any CandidateSelector {
        MagnitudeSelector(k: min(configuration.auxK, configuration.dSAE))
    }
}

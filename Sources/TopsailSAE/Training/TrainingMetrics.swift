/// What one training step reports; encodes to one line of JSON in the field's spelling.
public struct TrainingMetrics: Sendable, Hashable, Codable {
    /// Steps taken, this one included.
    public var step: Int
    public var tokens: Int
    /// What is minimised: squared errors and penalties with their weights, in scaled units, mean over tokens.
    public var loss: Double
    /// Mean squared error a token, summed over d_in, in the units of the activations.
    public var mse: Double
    /// Over this batch.
    public var explainedVariance: Double
    public var l0: Double
    /// Neurons that have not fired for `deadAfterTokens` tokens.
    public var deadFraction: Double
    public var learningRate: Double
    public var tokensPerSecond: Double
    /// Weight of the L1 or L0 penalty, where there is one.
    public var sparsityCoefficient: Double?
    /// BatchTopK: the running threshold, in the units of the activations.
    public var threshold: Double?

    enum CodingKeys: String, CodingKey {
        case step, tokens, loss, mse, l0, threshold
        case explainedVariance = "explained_variance"
        case deadFraction = "dead_fraction"
        case learningRate = "lr"
        case tokensPerSecond = "tokens_per_second"
        case sparsityCoefficient = "sparsity_coefficient"
    }
}

/// The words of a neuron's contexts that a search finds: those on and shortly before and after the tokens on which it
/// fires most. Whole contexts would be found for words that have nothing to do with the neuron.
public struct ContextWords: Sendable {
    private var stretches: [String] = []

    /// Tokens before and after the strongest one.
    private static let before = 8
    private static let after = 4

    public init() {}

    /// - Parameters:
    ///   - tokens: What each token says.
    ///   - activations: Activation on each of them.
    public mutating func add(tokens: [String], activations: [Float]) {
        guard !tokens.isEmpty, tokens.count == activations.count else { return }
        let peak = activations.indices.max { abs(activations[$0]) < abs(activations[$1]) } ?? 0
        let range = max(0, peak - Self.before)..<min(tokens.count, peak + Self.after + 1)
        let text = tokens[range].joined()
        if !stretches.contains(text) { stretches.append(text) }
    }

    /// One stretch a line; `nil` when there is none.
    public var text: String? { stretches.isEmpty ? nil : stretches.joined(separator: "\n") }
}

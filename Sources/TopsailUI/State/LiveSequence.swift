import TopsailEngine

/// Tokens with their neurons, and each neuron's strongest place among the counted tokens.
public struct LiveSequence: Sendable, Hashable {
    /// A neuron's largest activation over the counted tokens.
    public struct Peak: Sendable, Hashable {
        public var feature: LiveFeature
        public var token: Int
    }

    public private(set) var saes: [LiveSAE] = []
    public private(set) var tokens: [LiveToken] = []
    /// How many of the tokens are prompt and template; the answer follows.
    public private(set) var promptCount = 0
    /// By falling rank.
    public private(set) var peaks: [Peak] = []

    private struct Neuron: Hashable {
        var sae, index: Int
    }
    private var places: [Neuron: Peak] = [:]

    public init() {}

    /// - Complexity: O(features log features).
    public init(_ report: LiveReport) {
        saes = report.saes
        tokens = report.tokens
        promptCount = report.tokens.firstIndex { $0.origin == .answer } ?? report.tokens.count
        for index in tokens.indices { note(index) }
        sort()
    }

    public var answerTokens: ArraySlice<LiveToken> { tokens[promptCount...] }
    /// Characters may be spread over several tokens, so they are found in the bytes of all.
    public var answerText: String { String(decoding: answerTokens.flatMap(\.bytes), as: UTF8.self) }

    /// Takes in the next token of the answer.
    public mutating func append(_ token: LiveToken) {
        tokens.append(token)
        note(tokens.count - 1)
        sort()
    }

    /// The activation of one neuron on one token; `nil` when it does not fire.
    public func feature(sae: Int, index: Int, at token: Int) -> LiveFeature? {
        tokens[token].features.first { $0.index == index && $0.sae == sae }
    }

    /// Position in `saes` of the SAE with this name.
    public func saeIndex(named name: String) -> Int? { saes.firstIndex { $0.name == name } }

    private mutating func note(_ token: Int) {
        guard tokens[token].isCounted else { return }
        for feature in tokens[token].features {
            let neuron = Neuron(sae: feature.sae, index: feature.index)
            if let old = places[neuron], old.feature.rank >= feature.rank { continue }
            places[neuron] = Peak(feature: feature, token: token)
        }
    }

    private mutating func sort() {
        peaks = places.values.sorted { left, right in
            left.feature.rank != right.feature.rank
                ? left.feature.rank > right.feature.rank
                : (left.feature.sae, left.feature.index) < (right.feature.sae, right.feature.index)
        }
    }
}

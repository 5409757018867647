import TopsailCore
import TopsailTokenizer

/// The word forms that account for most of what a neuron does, over all its firings and not only the strongest.
struct FrequentWords {
    struct Form: Hashable {
        var text: String
        /// Share of the neuron's activation.
        var share: Double
    }

    /// By falling part of the neuron's activity that they predict.
    let forms: [Form]

    init(_ tally: NeuronTally, _ counts: CorpusCounts, tokenizer: any TextTokenizer, limit: Int = 6) {
        var activation: [String: Double] = [:]
        var explained: [String: Double] = [:]
        var spelling: [String: String] = [:]
        // In the order of the tokens, so that rounding comes out the same each time.
        for (token, entry) in tally.atToken.sorted {
            let text = Self.word(tokenizer.text(of: token))
            guard !text.isEmpty else { continue }
            let key = text.lowercased()
            activation[key, default: 0] += entry.activation
            explained[key, default: 0] += entry.activation * entry.activation / (Double(counts.tokens[Int(token)]) + 2)
            // Lower case sorts after upper case and is the plainer spelling.
            spelling[key] = max(spelling[key] ?? text, text)
        }
        forms = explained.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(limit).map { key, _ in
            Form(text: spelling[key]!, share: activation[key]! / max(tally.sum, .leastNormalMagnitude))
        }
    }

    /// A token as a word; `↵` for a line break, empty for spaces.
    static func word(_ text: String) -> String {
        let core = text.drop(while: \.isWhitespace)
        guard core.isEmpty else { return String(core.prefix { !$0.isNewline }) }
        return text.contains("\n") ? "↵" : ""
    }

    /// Share of the neuron's activation that lies on the given words.
    func share(of words: [String]) -> Double {
        let keys = Set(words.map { $0.lowercased() })
        return forms.filter { keys.contains($0.text.lowercased()) }.reduce(0) { $0 + $1.share }
    }
}

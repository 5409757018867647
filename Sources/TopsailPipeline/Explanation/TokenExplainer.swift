import TopsailAnalysis
import TopsailCore
import TopsailTokenizer

/// Explains neurons by counting: the words they peak on, what stands around them, the topics of the texts, and the
/// tokens they promote. No language model is asked, and what cannot be counted is not claimed.
package struct TokenExplainer {
    private let tokenizer: any TextTokenizer
    private let tokens: (Int) -> [TokenID]

    /// - Parameter tokens: The tokens of a document by its number.
    package init(tokenizer: any TextTokenizer, tokens: @escaping (Int) -> [TokenID]) {
        self.tokenizer = tokenizer
        self.tokens = tokens
    }

    /// - Returns: `nil` for a neuron that never fired.
    package func explain(_ tally: NeuronTally, _ counts: CorpusCounts, logits: NeuronLogits) -> TokenExplanation? {
        guard tally.fired > 0 else { return nil }
        let evidence = ExplanationEvidence(
            words: PeakWords(tally.top.contexts, tokens: tokens, tokenizer: tokenizer),
            frequent: FrequentWords(tally, counts, tokenizer: tokenizer),
            topic: TopicShare.standingOut(tally.topics, counts),
            density: Double(tally.fired) / Double(max(counts.total, 1)), fired: tally.fired,
            table: TokenTable(tally, counts), promoted: promoted(logits))
        return TokenExplanation(
            label: ExplanationLabel.text(evidence), details: ExplanationDetails.text(evidence, tokenizer: tokenizer),
            table: evidence.table)
    }

    /// Tokens promoted more than chance does in a vocabulary of tens of thousands.
    private func promoted(_ logits: NeuronLogits) -> [String] {
        logits.top.filter { $0.zScore >= 6 }.prefix(3).map { effect in
            let text = tokenizer.text(of: effect.token)
            return text.allSatisfy(\.isWhitespace) ? "↵" : String(text.drop(while: \.isWhitespace))
        }
    }
}

/// What a neuron stands for, as far as counting tells.
package struct TokenExplanation: Sendable, Hashable {
    /// At most `ExplanationLabel.limit` characters.
    package var label: String
    /// A paragraph.
    package var details: String
    package var table: TokenTable
}

/// What was counted for one explanation.
struct ExplanationEvidence {
    var words: PeakWords
    var frequent: FrequentWords
    var topic: TopicShare?
    var density: Double
    var fired: Int
    var table: TokenTable
    var promoted: [String]
}

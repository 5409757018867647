import Foundation
import TopsailTokenizer

/// The evidence of an explanation in sentences.
enum ExplanationDetails {
    static func text(_ evidence: ExplanationEvidence, tokenizer: any TextTokenizer) -> String {
        [
            peaks(evidence.words), neighbours(evidence.words), frequency(evidence),
            frequent(evidence.frequent), expectation(evidence.table, tokenizer), evidence.topic.map(topic),
            evidence.promoted.isEmpty
                ? nil : "It directly promotes \(evidence.promoted.map { "“\($0)”" }.joined(separator: ", ")).",
            "Counted from tokens; no language model was asked.",
        ].compactMap { $0 }.joined(separator: " ")
    }

    private static func peaks(_ words: PeakWords) -> String {
        let repeated = words.peaks.filter { $0.count > 1 }.prefix(4)
        guard !repeated.isEmpty else {
            return words.contexts > 2
                ? "Its strongest contexts peak on different words, so it may stand for more than one thing."
                : "It was seen in \(words.contexts == 1 ? "one document" : "two documents") only."
        }
        let list = repeated.map { "“\($0.text)” (\($0.count))" }.joined(separator: ", ")
        return "Of its \(words.contexts) strongest contexts these peak on the same word: \(list)."
    }

    private static func neighbours(_ words: PeakWords) -> String? {
        let before = words.before.prefix(1).first { words.share($0) >= 0.5 }
        let after = words.after.prefix(1).first { words.share($0) >= 0.5 }
        let parts = [
            before.map { "“\($0.text)” stands before in \($0.count)" },
            after.map { "“\($0.text)” follows in \($0.count)" },
        ].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: ", ") + " of them."
    }

    private static func topic(_ topic: TopicShare) -> String {
        "\(percent(topic.share)) of its activation lies in texts on \(topic.name), \(percent(topic.base)) of the tokens do."
    }

    private static func frequency(_ evidence: ExplanationEvidence) -> String {
        "It fires on \(percent(evidence.density)) of the tokens (\(evidence.fired))."
    }

    private static func frequent(_ words: FrequentWords) -> String? {
        let listed = words.forms.filter { $0.share >= 0.02 }.prefix(4)
        guard !listed.isEmpty else { return nil }
        return "Of all its activation "
            + listed.map { "\(percent($0.share)) lies on “\($0.text)”" }.joined(separator: ", ") + "."
    }

    /// The tokens on which it is expected to fire most strongly.
    private static func expectation(_ table: TokenTable, _ tokenizer: any TextTokenizer) -> String? {
        let strongest = table.values.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(6)
        guard !strongest.isEmpty else { return nil }
        let list = strongest.map { token, value in
            let text = tokenizer.text(of: token)
            let shown = text.allSatisfy(\.isWhitespace) ? "↵" : String(text.drop(while: \.isWhitespace))
            return "“\(shown)” \(String(format: "%.2g", value))"
        }
        return "Mean activation \(table.kind == .atToken ? "on" : "right after") a token is highest for "
            + list.joined(separator: ", ") + "."
    }

    /// About two significant digits.
    static func percent(_ share: Double) -> String {
        String(format: share < 0.1 ? "%.2g %%" : "%.0f %%", share * 100)
    }
}

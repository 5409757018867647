import TopsailAnalysis
import TopsailCatalog

/// Explains neurons by the words that the labels of their strongest items share and those of other items lack.
struct ItemExplainer {
    private let source: ItemSource
    /// Items whose label has the word.
    private let items: [String: Int]

    /// A word is named when chance would bring it together less often than this.
    private static let chance = 0.01

    init(_ source: ItemSource) {
        self.source = source
        var items: [String: Int] = [:]
        for item in 0..<(source.hasLabels ? source.activations.items : 0) {
            for word in Self.words(source.label(of: item)) { items[word, default: 0] += 1 }
        }
        self.items = items
    }

    /// - Returns: `nil` for a neuron that never fired, and where the items have no labels.
    func explain(_ tally: NeuronTally, _ counts: CorpusCounts, unit: String) -> NeuronExplanation? {
        guard source.hasLabels, tally.fired > 0, !tally.top.contexts.isEmpty else { return nil }
        let labels = tally.top.contexts.map { source.label(of: $0.document) }
        let shared = shared(labels)
        let density = Double(tally.fired) / Double(max(counts.total, 1))
        return NeuronExplanation(
            source: "labels", text: label(labels, shared, isEverywhere: density > 0.5),
            details: details(shared, of: labels.count, tally.fired, density, unit))
    }

    /// A word of most of the strongest items.
    private struct Shared {
        var word: String
        /// Strongest items whose label has it.
        var count: Int
        /// Share of the other items that have it.
        var base: Double
    }

    private func shared(_ labels: [String]) -> [Shared] {
        var counts: [String: Int] = [:]
        for label in labels { for word in Self.words(label) { counts[word, default: 0] += 1 } }
        let others = source.activations.items - labels.count
        return counts.compactMap { word, count -> Shared? in
            guard count > 1, 2 * count >= labels.count else { return nil }
            let elsewhere = items[word, default: count] - count
            // One occurrence more and two items more than seen, so that nothing is impossible.
            let probability = Double(elsewhere + 1) / Double(others + 2)
            let tail = BinomialTail.upper(count, of: labels.count, probability: probability)
            guard tail < Self.chance else { return nil }
            return Shared(word: word, count: count, base: Double(elsewhere) / Double(max(others, 1)))
        }.sorted { ($1.count, $0.base, $0.word) < ($0.count, $1.base, $1.word) }
    }

    private static func words(_ label: String) -> Set<String> { Set(WordSplitter.words(of: label)) }

    // MARK: Words for people

    private func label(_ labels: [String], _ shared: [Shared], isEverywhere: Bool) -> String {
        if !shared.isEmpty {
            return ExplanationLabel.joined([ExplanationLabel.listed(shared.prefix(3).map(\.word), prefix: "")])
        }
        if labels.count == 1 { return ExplanationLabel.quoted(labels[0], limit: ExplanationLabel.limit - 2) }
        // Two labels of 13 characters have room.
        var shown: [String] = []
        for label in labels where !shown.contains(label) && shown.count < 3 { shown.append(label) }
        let prefix = isEverywhere ? "almost everywhere, " : "mixed, "
        return ExplanationLabel.joined([ExplanationLabel.listed(shown, prefix: prefix, longest: 13)])
    }

    private func details(_ shared: [Shared], of count: Int, _ fired: Int, _ density: Double, _ unit: String) -> String {
        let words = shared.prefix(4).map {
            "“\($0.word)” in \($0.count) (\(ExplanationDetails.percent($0.base)) of the others)"
        }
        let first =
            words.isEmpty
            ? "The labels of its \(count) strongest items share no word that others lack."
            : "Of the labels of its \(count) strongest items these have a word in common: \(words.joined(separator: ", "))."
        return "\(first) It fires on \(ExplanationDetails.percent(density)) of the \(unit) (\(fired)). "
            + "Counted from labels; no language model was asked."
    }
}

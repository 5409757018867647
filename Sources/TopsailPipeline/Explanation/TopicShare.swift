/// A topic that a neuron favours.
struct TopicShare: Hashable {
    /// As it is written for people: `cooking`, `phishing`.
    var name: String
    /// Share of the neuron's activation that lies in texts of the topic.
    var share: Double
    /// Share of the corpus' tokens that do.
    var base: Double

    var lift: Double { base > 0 ? share / base : 0 }

    /// The single topic, or else the domain (`politics.*`), that stands out; `nil` when none does.
    static func standingOut(_ activation: [Double], _ counts: CorpusCounts) -> TopicShare? {
        let topics = shares(activation, counts) { $0.split(separator: ".").last.map(String.init) ?? $0 }
        if let best = topics.max(by: { $0.share < $1.share }), best.share >= 0.35, best.lift >= 5 { return best }
        let domains = shares(activation, counts) { String($0.prefix { $0 != "." }) }.filter { $0.name != "general" }
        if let best = domains.max(by: { $0.share < $1.share }), best.share >= 0.5, best.lift >= 3 { return best }
        return nil
    }

    private static func shares(
        _ activation: [Double], _ counts: CorpusCounts, named name: (String) -> String
    ) -> [TopicShare] {
        let sum = activation.reduce(0, +)
        guard sum > 0, counts.total > 0 else { return [] }
        var byName: [String: (activation: Double, tokens: Int)] = [:]
        for (index, slug) in counts.topicNames.enumerated() {
            byName[name(slug), default: (0, 0)].activation += activation[index]
            byName[name(slug)]!.tokens += counts.topics[index]
        }
        return byName.map { name, totals in
            TopicShare(
                name: name.replacing("_", with: " "), share: totals.activation / sum,
                base: Double(totals.tokens) / Double(counts.total))
        }.sorted { $0.name < $1.name }
    }
}

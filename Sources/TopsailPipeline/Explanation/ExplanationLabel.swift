/// Puts what was counted into a few words: `"sorry", "apologies" · before "for"`.
enum ExplanationLabel {
    /// Longest label in characters.
    static let limit = 40
    private static let longestWord = 14
    /// Below this share of the activation, the words of the strongest contexts are not the whole story.
    private static let wholeStory = 0.25

    static func text(_ evidence: ExplanationEvidence) -> String {
        var parts: [[String]] = []
        let peaks = peakWords(evidence.words)
        if !peaks.isEmpty {
            parts.append(listed(peaks, prefix: ""))
        } else if let shared = WordClass(evidence.words.words) {
            parts.append([shared.label])
        }
        if let side = neighbour(evidence.words) { parts.append([side]) }
        if let topic = evidence.topic { parts.append([parts.isEmpty ? "\(topic.name) texts" : "in \(topic.name)"]) }
        let others = otherWords(evidence, shown: peaks)
        if parts.isEmpty, others.isEmpty, let first = evidence.promoted.first {
            parts.append(["promotes \(quoted(first))"])
        }
        if parts.isEmpty {
            let everywhere = evidence.density > 0.2
            let words = others.isEmpty ? evidence.words.peaks.prefix(3).map(\.text) : others
            parts.append(listed(words, prefix: everywhere ? "almost everywhere, " : "mixed, "))
        } else if !others.isEmpty, evidence.frequent.share(of: peaks) < wholeStory {
            parts.append(listed(others, prefix: "also "))
        }
        return joined(parts)
    }

    /// One to three words that most of the strongest contexts share; none where they do not.
    private static func peakWords(_ words: PeakWords) -> [String] {
        var shown: [String] = []
        var share = 0.0
        for form in words.peaks.prefix(3) where form.count > 1 || words.contexts <= 2 {
            shown.append(form.text)
            share += words.share(form)
            if share >= 0.75 { break }
        }
        return share >= 0.6 ? shown : []
    }

    /// Words that account for much of the activation, other than those already shown.
    private static func otherWords(_ evidence: ExplanationEvidence, shown: [String]) -> [String] {
        let keys = Set(shown.map { $0.lowercased() })
        return evidence.frequent.forms.filter { !keys.contains($0.text.lowercased()) }.prefix(3).map(\.text)
    }

    /// The word before or after, where most contexts agree on it.
    private static func neighbour(_ words: PeakWords) -> String? {
        guard words.contexts >= 3 else { return nil }
        let before = words.before.first.map { (words.share($0), "after \(quoted($0.text))") }
        let after = words.after.first.map { (words.share($0), "before \(quoted($0.text))") }
        let best = [before, after].compactMap { $0 }.max { $0.0 < $1.0 }
        return best.flatMap { $0.0 >= 0.6 ? $0.1 : nil }
    }

    /// A list as its shorter and shorter forms: all words, all but one, … one.
    static func listed(_ words: [String], prefix: String, longest: Int = longestWord) -> [String] {
        words.indices.reversed().map { last in
            prefix + words[...last].map { quoted($0, limit: longest) }.joined(separator: ", ")
        }
    }

    /// As many parts as there is room for, each in the longest form that fits.
    static func joined(_ parts: [[String]]) -> String {
        var text = ""
        for forms in parts {
            let separator = text.isEmpty ? "" : " · "
            guard let fitting = forms.first(where: { text.count + separator.count + $0.count <= limit }) else {
                continue
            }
            text += separator + fitting
        }
        return text
    }

    static func quoted(_ word: String, limit: Int = longestWord) -> String {
        if word == "↵" { return "line break" }
        return word.count > limit ? "\"\(word.prefix(limit - 1))…\"" : "\"\(word)\""
    }
}

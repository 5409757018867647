/// Puts what was counted into a few words: `"sorry", "apologies" · before "for"`.
enum ExplanationLabel {
    /// Longest label in characters.
    static let limit = 40
    private static let longestWord = 14

    static func text(_ evidence: ExplanationEvidence) -> String {
        var parts: [String] = []
        if let words = peakWords(evidence.words) {
            parts.append(words)
        } else if let shared = WordClass(evidence.words.words) {
            parts.append(shared.label)
        }
        if let side = neighbour(evidence.words) { parts.append(side) }
        if let topic = evidence.topic { parts.append(parts.isEmpty ? "\(topic.name) texts" : "in \(topic.name)") }
        if parts.isEmpty, let first = evidence.promoted.first { parts.append("promotes \(quoted(first))") }
        if parts.isEmpty { parts.append(mixture(evidence)) }
        return joined(parts)
    }

    /// One to three words that most of the strongest contexts share.
    private static func peakWords(_ words: PeakWords) -> String? {
        var shown: [PeakWords.Form] = []
        var share = 0.0
        for form in words.peaks.prefix(3) where form.count > 1 || words.contexts <= 2 {
            shown.append(form)
            share += words.share(form)
            if share >= 0.75 { break }
        }
        guard share >= 0.6 else { return nil }
        return shown.map { quoted($0.text) }.joined(separator: ", ")
    }

    /// The word before or after, where most contexts agree on it.
    private static func neighbour(_ words: PeakWords) -> String? {
        guard words.contexts >= 3 else { return nil }
        let before = words.before.first.map { (words.share($0), "after \(quoted($0.text))") }
        let after = words.after.first.map { (words.share($0), "before \(quoted($0.text))") }
        let best = [before, after].compactMap { $0 }.max { $0.0 < $1.0 }
        return best.flatMap { $0.0 >= 0.6 ? $0.1 : nil }
    }

    private static func mixture(_ evidence: ExplanationEvidence) -> String {
        let forms = evidence.words.peaks.prefix(3).map { quoted($0.text) }.joined(separator: ", ")
        return evidence.density > 0.2 ? "almost everywhere, \(forms)" : "mixed: \(forms)"
    }

    /// As many parts as there is room for; the first one is cut if need be.
    private static func joined(_ parts: [String]) -> String {
        var text = String(parts[0].prefix(limit))
        for part in parts.dropFirst() where text.count + part.count + 3 <= limit { text += " · " + part }
        return text
    }

    private static func quoted(_ word: String) -> String {
        if word == "↵" { return "line break" }
        return word.count > longestWord ? "\"\(word.prefix(longestWord - 1))…\"" : "\"\(word)\""
    }
}

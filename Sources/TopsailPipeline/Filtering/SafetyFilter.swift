/// Keeps texts out of a shipped corpus that nobody should have to read: a word-list heuristic that rather refuses too
/// much.
///
/// A corpus about safety needs texts *about* harm; what it does not need is sexual content that mentions minors, or
/// working instructions.
package struct SafetyFilter: Sendable {
    package enum Finding: String, Sendable, Hashable {
        case sexualWithMinors = "sexual terms beside terms for minors"
        case harmfulInstructions = "instructions for harm"
    }

    package init() {}

    /// Why a text is refused; `nil` when it is not.
    ///
    /// - Parameters:
    ///   - words: Its words, lower-case.
    ///   - text: The text itself, for its layout.
    package func finding(words: [String], text: String) -> Finding? {
        if mixesSexualTermsWithMinors(words) { return .sexualWithMinors }
        if givesInstructionsForHarm(words, text) { return .harmfulInstructions }
        return nil
    }

    /// Explicit terms tolerate no term for a minor anywhere in the text; clinical ones tolerate those of infancy,
    /// which belong to texts on pregnancy.
    private func mixesSexualTermsWithMinors(_ words: [String]) -> Bool {
        let minors = words.contains { matches($0, SafetyTerms.minors) }
        let infants = words.contains { matches($0, SafetyTerms.infants) }
        guard minors || infants else { return false }
        let explicit = words.contains { matches($0, SafetyTerms.explicitSexual) }
        return explicit || (minors && words.contains { matches($0, SafetyTerms.broadSexual) })
    }

    /// A making verb shortly before a dangerous thing, in a text laid out as instructions.
    private func givesInstructionsForHarm(_ words: [String], _ text: String) -> Bool {
        guard isLaidOutAsInstructions(words, text) else { return false }
        for (index, word) in words.enumerated() where matches(word, SafetyTerms.making) {
            let following = words[(index + 1)...].prefix(SafetyTerms.reach)
            if following.contains(where: { matches($0, SafetyTerms.dangerous) }) { return true }
        }
        return false
    }

    private func isLaidOutAsInstructions(_ words: [String], _ text: String) -> Bool {
        let numbered = text.split(separator: "\n").count { line in
            let start = line.drop { $0 == " " || $0 == "*" || $0 == "#" }
            return start.first?.isNumber == true || start.lowercased().hasPrefix("step ")
        }
        return numbered >= 2 || words.contains { SafetyTerms.instructionMarkers.contains($0) }
    }

    /// A term ending in `*` matches any word that begins so.
    private func matches(_ word: String, _ terms: [String]) -> Bool {
        terms.contains { term in term.last == "*" ? word.hasPrefix(term.dropLast()) : word == term }
    }
}

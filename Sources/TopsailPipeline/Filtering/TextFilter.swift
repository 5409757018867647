/// Decides whether a sampled text is worth keeping.
package struct TextFilter: Sendable {
    /// Why a text is left out; the raw value is its name in manifests.
    package enum Rejection: String, Sendable, Hashable, CaseIterable {
        case tooShort = "too_short"
        case broken
        case repetitive
        case sexualWithMinors = "sexual_with_minors"
        case harmfulInstructions = "harmful_instructions"
        case duplicate
    }

    /// Tokens below which a text is too short to be read in context.
    package var minimumTokens = 24
    /// Lowest share of different four-word runs.
    package var minimumDistinctWordRuns = 0.7
    /// Lowest share of 24-byte stretches that are new. Lower than for words: code and verse repeat lines for good
    /// reason.
    package var minimumDistinctByteRuns = 0.55

    private let safety = SafetyFilter()

    package init() {}

    /// Why to leave a text out; `nil` to keep it.
    ///
    /// - Parameters:
    ///   - text: What would be stored.
    ///   - prompt: What it answers, if anything; it counts for safety.
    ///   - tokens: Its length in tokens.
    package func rejection(of text: String, prompt: String?, tokens: Int) -> Rejection? {
        guard tokens >= minimumTokens else { return .tooShort }
        guard Self.isOrdinary(text) else { return .broken }
        let words = WordSplitter.words(of: text)
        guard RepetitionMeasure.distinctWordRuns(words) >= minimumDistinctWordRuns,
            RepetitionMeasure.distinctByteRuns(text) >= minimumDistinctByteRuns
        else { return .repetitive }
        let promptWords = prompt.map(WordSplitter.words(of:)) ?? []
        return switch safety.finding(words: promptWords + words, text: text) {
        case .sexualWithMinors: .sexualWithMinors
        case .harmfulInstructions: .harmfulInstructions
        case nil: nil
        }
    }

    /// Whether a text has neither control characters nor the mark that bytes were not UTF-8.
    static func isOrdinary(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(isOrdinary) }

    private static func isOrdinary(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "\n" || scalar == "\t" { return true }
        return scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) && scalar != "\u{FFFD}"
    }
}

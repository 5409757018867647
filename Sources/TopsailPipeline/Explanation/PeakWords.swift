import TopsailCore
import TopsailTokenizer

/// The words at and around a neuron's strongest activations, counted.
struct PeakWords {
    /// A word form, ignoring case, and in how many of the contexts it stands.
    struct Form: Hashable {
        /// As it is written most often.
        var text: String
        var count: Int
    }

    /// Forms by falling count.
    let peaks: [Form]
    let before: [Form]
    let after: [Form]
    /// Contexts counted.
    let contexts: Int
    /// Each context's word at the peak, as written.
    let words: [String]

    /// - Parameter tokens: The tokens of a document by its number.
    init(_ contexts: [PeakContext], tokens: (Int) -> [TokenID], tokenizer: any TextTokenizer) {
        let triples = contexts.map { context in
            WordFinder(tokens: tokens(context.document), tokenizer: tokenizer).words(around: context.position)
        }
        self.contexts = contexts.count
        words = triples.map(\.word)
        peaks = Self.count(words)
        before = Self.count(triples.compactMap(\.before))
        after = Self.count(triples.compactMap(\.after))
    }

    private static func count(_ words: [String]) -> [Form] {
        var spellings: [String: [String: Int]] = [:]
        for word in words where !word.isEmpty { spellings[word.lowercased(), default: [:]][word, default: 0] += 1 }
        return spellings.values
            .map { spellings in
                let commonest = spellings.max { ($0.value, $1.key) < ($1.value, $0.key) }!.key
                return Form(text: commonest, count: spellings.values.reduce(0, +))
            }
            .sorted { ($1.count, $0.text) < ($0.count, $1.text) }
    }

    func share(_ form: Form) -> Double { Double(form.count) / Double(max(contexts, 1)) }
}

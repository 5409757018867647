import TopsailCore

/// What fired on the counted tokens of the documents that are kept for testing, in the corpus' order.
package struct HeldOutFeatures: Sendable {
    package struct Token: Sendable, Hashable {
        package var token: TokenID
        /// The token before; `nil` at the start of a document.
        package var previous: TokenID?
        package var features: [ActiveFeature]

        package init(token: TokenID, previous: TokenID?, features: [ActiveFeature]) {
            self.token = token
            self.previous = previous
            self.features = features
        }
    }

    /// Tokens of one document that follow each other.
    package struct Run: Sendable, Hashable {
        /// The document's number in the corpus.
        package var document: Int
        package var count: Int
    }

    package private(set) var tokens: [Token] = []
    /// Which documents the tokens belong to, rising.
    package private(set) var runs: [Run] = []

    package init(tokens: [Token] = []) {
        self.init(tokens: tokens, runs: tokens.isEmpty ? [] : [Run(document: 0, count: tokens.count)])
    }

    init(tokens: [Token], runs: [Run]) {
        self.tokens = tokens
        self.runs = runs
    }

    mutating func add(_ passage: NeuronCollection.Passage) {
        for (position, features) in zip(passage.counted, passage.features) {
            tokens.append(
                Token(token: passage.tokens[position], previous: passage.token(before: position), features: features))
        }
        let count = min(passage.counted.count, passage.features.count)
        if runs.last?.document == passage.document {
            runs[runs.count - 1].count += count
        } else if count > 0 {
            runs.append(Run(document: passage.document, count: count))
        }
    }

    /// Adds what another shard collected of other documents.
    mutating func merge(_ other: HeldOutFeatures) {
        var pieces: [(document: Int, tokens: ArraySlice<Token>)] = []
        for features in [self, other] {
            var start = 0
            for run in features.runs {
                pieces.append((run.document, features.tokens[start..<start + run.count]))
                start += run.count
            }
        }
        pieces.sort { $0.document < $1.document }
        tokens = pieces.flatMap(\.tokens)
        runs = pieces.map { Run(document: $0.document, count: $0.tokens.count) }
    }
}

import TopsailCore

/// What fired on the counted tokens of the documents that are kept for testing.
package struct HeldOutFeatures: Sendable {
    package struct Token: Sendable {
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

    package private(set) var tokens: [Token] = []

    package init(tokens: [Token] = []) { self.tokens = tokens }

    mutating func add(_ passage: NeuronCollection.Passage) {
        for (position, features) in zip(passage.counted, passage.features) {
            tokens.append(
                Token(token: passage.tokens[position], previous: passage.token(before: position), features: features))
        }
    }
}

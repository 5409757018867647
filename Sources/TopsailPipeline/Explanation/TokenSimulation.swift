import TopsailAnalysis
import TopsailCore

/// Scores token tables by what they predict on documents that nothing was explained with.
///
/// Pearson's correlation of predicted and real activation over all held-out tokens, silent ones included: the harsh,
/// random-text form of simulation scoring (Bills et al. 2023), with a table in place of a language model.
package enum TokenSimulation {
    package struct Score: Sendable, Hashable {
        /// `nil` where it is undefined: the neuron fired too rarely, or none of the table's tokens occurs.
        package var correlation: Double?
        /// Tokens compared.
        package var tokens: Int
        /// Tokens on which the neuron fired.
        package var firings: Int
    }

    /// Firings below which a correlation is chance.
    package static let fewestFirings = 5

    /// - Parameter tables: One for each neuron; `nil` for neurons without an explanation.
    package static func scores(of tables: [TokenTable?], on heldOut: HeldOutFeatures) -> [Score] {
        let predictions = PredictionIndex(tables)
        var sums = Array(repeating: PearsonSums(), count: tables.count)
        var firings = Array(repeating: 0, count: tables.count)
        for token in heldOut.tokens {
            var expected = predictions.at(token.token, after: token.previous)
            for feature in token.features {
                let neuron = Int(feature.index)
                firings[neuron] += 1
                sums[neuron].add(Double(feature.value), Double(expected.removeValue(forKey: neuron) ?? 0))
            }
            for (neuron, value) in expected { sums[neuron].add(0, Double(value)) }
        }
        return tables.indices.map { neuron in
            // Where neither fires nor is expected to, both are zero and only the count grows.
            sums[neuron].count = heldOut.tokens.count
            let isTested = tables[neuron] != nil && firings[neuron] >= fewestFirings
            return Score(
                correlation: isTested ? sums[neuron].correlation : nil, tokens: heldOut.tokens.count,
                firings: firings[neuron])
        }
    }
}

/// Tables turned around: which neurons expect something of a token.
private struct PredictionIndex {
    private var atToken: [TokenID: [(neuron: Int, value: Float)]] = [:]
    private var afterToken: [TokenID: [(neuron: Int, value: Float)]] = [:]

    init(_ tables: [TokenTable?]) {
        for (neuron, table) in tables.enumerated() {
            guard let table else { continue }
            for (token, value) in table.values {
                switch table.kind {
                case .atToken: atToken[token, default: []].append((neuron, value))
                case .afterToken: afterToken[token, default: []].append((neuron, value))
                }
            }
        }
    }

    func at(_ token: TokenID, after previous: TokenID?) -> [Int: Float] {
        var values: [Int: Float] = [:]
        for (neuron, value) in atToken[token] ?? [] { values[neuron] = value }
        for (neuron, value) in previous.flatMap({ afterToken[$0] }) ?? [] { values[neuron] = value }
        return values
    }
}

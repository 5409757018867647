import TopsailCore

/// Plays a neuron by the table of expected activations that the statistical explainer counted; the words of the
/// explanation play no part.
public final class TableSimulator: ActivationSimulator {
    public let name = "table"
    public let cost = AskingCost()
    private let table: (Int) -> TokenTable?

    /// - Parameter table: Of a neuron by its index.
    package init(table: @escaping (Int) -> TokenTable?) { self.table = table }

    public convenience init(_ explainer: StatisticalExplainer) { self.init { explainer.table($0) } }

    public func simulate(
        _ explanation: TestedExplanation, _ passages: [Passage], grain: SimulationGrain
    ) -> [[Double]?] {
        guard let table = table(explanation.neuron) else { return passages.map { _ in nil } }
        let scale = grain == .tokens ? 1 : 1 / Double(max(table.values.values.max() ?? 0, .leastNormalMagnitude))
        return passages.map { passage in
            let expected = Self.expected(passage.context.tokens, table)
            return passage.parts.map { part in
                let marked = passage.marks.isEmpty ? Set(part) : passage.marks
                return Double(part.filter(marked.contains).map { expected[$0] }.max() ?? 0) * scale
            }
        }
    }

    private static func expected(_ tokens: [TokenID], _ table: TokenTable) -> [Float] {
        tokens.indices.map { position in
            switch table.kind {
            case .atToken: table.values[tokens[position]] ?? 0
            case .afterToken: position > 0 ? table.values[tokens[position - 1]] ?? 0 : 0
            }
        }
    }
}

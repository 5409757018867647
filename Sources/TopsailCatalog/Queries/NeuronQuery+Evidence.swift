import GRDB

/// The order of how strongly neurons speak for a category. No index has it, so the list is sorted as a whole.
extension NeuronQuery {
    /// Lists of more neurons are not sorted whenever somebody looks at them.
    private static let longest = 100_000

    /// Whether a list is really sorted by evidence.
    func isByEvidence(_ sort: NeuronSort) -> Bool {
        sort.key == .evidence && (isByCategory || saes.reduce(0) { $0 + $1.record.neuronCount } <= Self.longest)
    }

    /// Neurons without evidence come last in either direction, by score.
    func pageByEvidenceSQL(ascending: Bool, limit: Int, offset: Int) -> SQL {
        let order: SQL =
            ascending
            ? "e.strength ASC NULLS LAST, \(figure(of: .score)) ASC NULLS LAST, \(id) DESC"
            : "e.strength DESC NULLS LAST, \(figure(of: .score)) DESC NULLS LAST, \(id) ASC"
        return """
            SELECT \(id) FROM \(tables) LEFT JOIN (\(strengths)) e ON e.tagged = \(id)
            WHERE \(condition) ORDER BY \(order) LIMIT \(limit) OFFSET \(max(offset, 0))
            """
    }

    /// The strongest tag of each tagged neuron, in the category that is selected or one below it. What a person says comes before
    /// any share of pairs.
    private var strengths: SQL {
        let within: SQL =
            category.map { "category_id IN (SELECT category_id FROM category_ancestor WHERE ancestor_id = \($0))" }
            ?? "TRUE"
        return """
            SELECT neuron_id AS tagged, max(score) AS strength FROM (
                SELECT d.neuron_id, d.score FROM derived_tag d WHERE \(within) AND NOT EXISTS (
                    SELECT 1 FROM human_tag h
                    WHERE h.neuron_id = d.neuron_id AND h.category_id = d.category_id AND h.stance = 'removed')
                UNION ALL
                SELECT neuron_id, 2.0 FROM human_tag WHERE stance = 'added' AND \(within))
            GROUP BY neuron_id
            """
    }
}

import Foundation
import GRDB

extension Catalog {
    /// How often the neurons of an SAE fire, in equal steps of the density's logarithm.
    ///
    /// - Parameters:
    ///   - lowestPower: Power of ten of the lowest step; rarer neurons are counted in it.
    ///   - stepsPerPower: Steps to a power of ten.
    /// - Returns: Neurons by density from the rarest up to 1, and those that never fired or of which nothing is known.
    public func densities(
        sae name: String, lowestPower: Int, stepsPerPower: Int
    ) throws(CatalogError) -> (counts: [Int], silent: Int) {
        try read { db in
            let sae = try SAEDirectory(db).entry(named: name)
            let range = NeuronKey.range(ofSAE: sae.id)
            var counts = [Int](repeating: 0, count: -lowestPower * stepsPerPower)
            var silent = 0
            let rows = try Row.fetchCursor(
                db, sql: "SELECT density FROM neuron WHERE id BETWEEN ? AND ?",
                arguments: [range.lowerBound, range.upperBound])
            while let row = try rows.next() {
                guard let density: Double = row[0], density > 0 else {
                    silent += 1
                    continue
                }
                let step = Int(((log10(density) - Double(lowestPower)) * Double(stepsPerPower)).rounded(.down))
                counts[min(max(0, step), counts.count - 1)] += 1
            }
            return (counts, silent)
        }
    }
}

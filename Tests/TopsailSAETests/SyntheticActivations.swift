import Foundation
import TopsailTestSupport

/// Activations with a known answer: sparse combinations of random directions, an offset, a little noise.
struct SyntheticActivations {
    let dIn: Int
    let rows: Int
    let values: [Float]
    /// Unit directions. Shape `[directions, dIn]`.
    let dictionary: [Float]

    init(
        dIn: Int, directions: Int, active: Int, rows: Int, noise: Float = 0.01, dictionarySeed: UInt64 = 1, seed: UInt64
    ) {
        self.dIn = dIn
        self.rows = rows
        var generator = SeededGenerator(seed: dictionarySeed)
        var dictionary = (0..<directions * dIn).map { _ in Self.gaussian(&generator) }
        for d in 0..<directions {
            let norm = (0..<dIn).reduce(Float(0)) { $0 + dictionary[d * dIn + $1] * dictionary[d * dIn + $1] }
                .squareRoot()
            for i in 0..<dIn { dictionary[d * dIn + i] /= norm }
        }
        let offset = (0..<dIn).map { _ in Self.gaussian(&generator) * 0.3 }
        self.dictionary = dictionary
        generator = SeededGenerator(seed: seed)
        var values: [Float] = []
        for _ in 0..<rows {
            var x = offset
            for _ in 0..<active {
                let d = Int.random(in: 0..<directions, using: &generator)
                let strength = 1 + abs(Self.gaussian(&generator))
                for i in 0..<dIn { x[i] += strength * dictionary[d * dIn + i] }
            }
            values += x.map { $0 + noise * Self.gaussian(&generator) }
        }
        self.values = values
    }

    static func gaussian(_ generator: inout SeededGenerator) -> Float {
        let u = Double.random(in: .leastNonzeroMagnitude..<1, using: &generator)
        return Float((-2 * log(u)).squareRoot() * cos(2 * .pi * Double.random(in: 0..<1, using: &generator)))
    }
}

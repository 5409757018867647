import Foundation

/// Logistic regression with an L2 penalty on sparse examples.
///
/// Minimises f(w, b) = `½‖w‖² + Σ cᵢ log(1 + exp(−yᵢ (w·xᵢ + b)))`, cᵢ being the strength times the example's weight, by Newton steps:
/// each round replaces f by its second-order expansion, walks that one coordinate after the other, and goes along the direction
/// found as far as f falls (Yuan, Ho and Lin 2012, An improved GLMNET for L1-regularized logistic regression, with this penalty).
/// The walk needs no exponentials, which is what makes it quick. The bias is not penalised.
public struct LogisticRegression: Sendable {
    /// C: how much the examples count against the penalty.
    public var strength: Double
    /// Whether weights below zero are kept out.
    public var isNonNegative: Bool
    public var rounds = 100
    /// A round that moves no weight by more than this is the last.
    public var tolerance = 1e-4

    public init(strength: Double, isNonNegative: Bool = false) {
        self.strength = strength
        self.isNonNegative = isNonNegative
    }

    /// An example: the features that are not zero, whether it is positive, and how much it counts.
    public struct Example: Sendable {
        public var features: [(index: Int, value: Double)]
        public var isPositive: Bool
        public var weight: Double

        public init(features: [(index: Int, value: Double)], isPositive: Bool, weight: Double = 1) {
            self.features = features
            self.isPositive = isPositive
            self.weight = weight
        }
    }

    public struct Fit: Sendable, Hashable {
        public var weights: [Double]
        public var bias: Double
    }

    /// - Parameter width: Number of features.
    public func fit(_ examples: [Example], width: Int) -> Fit {
        let columns = ExampleColumns(examples, width: width)
        let signs = examples.map { $0.isPositive ? 1.0 : -1.0 }
        let costs = examples.map { strength * $0.weight }
        // The bias is the coordinate after the features.
        var point = Array(repeating: 0.0, count: width + 1)
        // w·xᵢ + b of each example.
        var margins = Array(repeating: 0.0, count: examples.count)
        for _ in 0..<rounds {
            let step = direction(from: point, margins: margins, columns, signs: signs, costs: costs)
            let share = share(of: step, from: point, margins: margins, signs: signs, costs: costs)
            guard share > 0 else { break }
            for index in point.indices { point[index] += share * step.move[index] }
            for row in margins.indices { margins[row] += share * step.margins[row] }
            if step.move.allSatisfy({ abs(share * $0) <= tolerance }) { break }
        }
        return Fit(weights: Array(point.dropLast()), bias: point[width])
    }

    /// Where a round goes.
    private struct Step {
        /// Of each weight, and of the bias.
        var move: [Double]
        /// What it adds to the examples' margins.
        var margins: [Double]
        /// ∇f · move.
        var slope: Double
    }

    /// The least of f's second-order expansion around a point, nearly: walks end when they move less than a tenth of the first one.
    private func direction(
        from point: [Double], margins: [Double], _ columns: ExampleColumns, signs: [Double], costs: [Double]
    ) -> Step {
        let width = point.count - 1
        var slopes = costs, curvatures = costs
        for row in margins.indices {
            let other = 1 / (1 + exp(signs[row] * margins[row]))
            slopes[row] *= -signs[row] * other
            curvatures[row] *= other * (1 - other)
        }
        let penalties = point.indices.map { $0 == width ? 0.0 : 1.0 }
        let gradient = point.indices.map { penalties[$0] * point[$0] + columns.sum($0) { slopes[$0] * $1 } }
        let curvature = point.indices.map { penalties[$0] + 1e-12 + columns.sum($0) { curvatures[$0] * $1 * $1 } }
        var step = Step(
            move: Array(repeating: 0, count: point.count), margins: Array(repeating: 0, count: margins.count), slope: 0)
        var first = 0.0
        for walk in 0..<50 {
            var largest = 0.0
            for index in columns.filled {
                let slope =
                    gradient[index] + penalties[index] * step.move[index]
                    + columns.sum(index) { curvatures[$0] * step.margins[$0] * $1 }
                let there = point[index] + step.move[index]
                let floor = isNonNegative && index < width ? 0 : -Double.infinity
                let change = max(there - slope / curvature[index], floor) - there
                guard abs(change) > 1e-15 else { continue }
                step.move[index] += change
                columns.add(index, times: change, to: &step.margins)
                largest = max(largest, abs(change))
            }
            if walk == 0 { first = largest }
            if largest <= 0.1 * min(first, 1) || largest <= tolerance * 0.1 { break }
        }
        step.slope = zip(gradient, step.move).reduce(0) { $0 + $1.0 * $1.1 }
        return step
    }

    /// How much of a step is taken: all of it, or halved until f falls as it should; 0 where it never does.
    private func share(
        of step: Step, from point: [Double], margins: [Double], signs: [Double], costs: [Double]
    ) -> Double {
        var share = 1.0
        for _ in 0..<30 {
            var change = 0.0
            for (weight, move) in zip(point.dropLast(), step.move) {
                change += share * move * (weight + 0.5 * share * move)
            }
            for row in margins.indices {
                let before = signs[row] * margins[row]
                let after = before + share * signs[row] * step.margins[row]
                change += costs[row] * (softplus(-after) - softplus(-before))
            }
            if change <= 0.01 * share * step.slope { return change < 0 ? share : 0 }
            share /= 2
        }
        return 0
    }

    private func softplus(_ x: Double) -> Double { x > 30 ? x : log1p(exp(x)) }
}

/// Examples by feature: the values of each that are not zero, one after the other, then a column of ones for the bias.
private struct ExampleColumns {
    private var rows: [Int32] = []
    private var values: [Double] = []
    /// Where each column begins; one more than there are columns.
    private var starts: [Int]
    /// The columns with any value, the bias first.
    let filled: [Int]

    init(_ examples: [LogisticRegression.Example], width: Int) {
        var counts = Array(repeating: 0, count: width + 1)
        for example in examples { for feature in example.features { counts[feature.index] += 1 } }
        counts[width] = examples.count
        starts = counts.reduce(into: [0]) { $0.append($0.last! + $1) }
        var next = starts
        rows = Array(repeating: 0, count: starts[width + 1])
        values = Array(repeating: 1, count: starts[width + 1])
        for (row, example) in examples.enumerated() {
            for feature in example.features {
                rows[next[feature.index]] = Int32(row)
                values[next[feature.index]] = feature.value
                next[feature.index] += 1
            }
            rows[next[width]] = Int32(row)
            next[width] += 1
        }
        filled = [width] + (0..<width).filter { counts[$0] > 0 }
    }

    /// Sums over the examples that have the feature, given an example's row and its value.
    @inline(__always)
    func sum(_ column: Int, _ term: (Int, Double) -> Double) -> Double {
        var sum = 0.0
        for place in starts[column]..<starts[column + 1] { sum += term(Int(rows[place]), values[place]) }
        return sum
    }

    /// Adds a multiple of a column to a sum by example.
    func add(_ column: Int, times factor: Double, to sums: inout [Double]) {
        for place in starts[column]..<starts[column + 1] { sums[Int(rows[place])] += factor * values[place] }
    }
}

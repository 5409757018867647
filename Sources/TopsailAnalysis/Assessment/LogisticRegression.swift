import Foundation

/// Logistic regression with an L2 penalty on sparse examples.
///
/// Minimises `½‖w‖² + C Σ sᵢ log(1 + exp(−yᵢ (w·xᵢ + b)))` by Newton steps on one coordinate after the other with a line search
/// (Yuan et al. 2010, coordinate descent method with one-dimensional Newton directions). The bias is not penalised.
public struct LogisticRegression: Sendable {
    /// C: how much the examples count against the penalty.
    public var strength: Double
    /// Whether weights below zero are kept out.
    public var isNonNegative: Bool
    public var sweeps = 60
    /// A sweep that moves no weight by more than this is the last.
    public var tolerance = 1e-3

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
        var columns = Array(repeating: [(example: Int, value: Double)](), count: width)
        for (row, example) in examples.enumerated() {
            for feature in example.features { columns[feature.index].append((row, feature.value)) }
        }
        let everywhere = examples.indices.map { (example: $0, value: 1.0) }
        let signs = examples.map { $0.isPositive ? 1.0 : -1.0 }
        let costs = examples.map { strength * $0.weight }
        var fit = Fit(weights: Array(repeating: 0, count: width), bias: 0)
        // w·xᵢ + b of each example.
        var margins = Array(repeating: 0.0, count: examples.count)

        func step(
            _ column: [(example: Int, value: Double)], _ weight: inout Double, penalty: Double, floor: Double
        ) -> Double {
            var gradient = penalty * weight
            var curvature = penalty + 1e-12
            for (row, value) in column {
                let other = 1 / (1 + exp(signs[row] * margins[row]))
                gradient -= costs[row] * signs[row] * value * other
                curvature += costs[row] * value * value * other * (1 - other)
            }
            var move = max(weight - gradient / curvature, floor) - weight
            guard abs(move) > 1e-12 else { return 0 }
            let slope = gradient * move
            for _ in 0..<20 {
                var change = penalty * (weight * move + 0.5 * move * move)
                for (row, value) in column {
                    let before = signs[row] * margins[row]
                    change += costs[row] * (softplus(-(before + signs[row] * value * move)) - softplus(-before))
                }
                if change <= 0.01 * slope { break }
                move /= 2
            }
            weight += move
            for (row, value) in column { margins[row] += value * move }
            return abs(move)
        }

        for _ in 0..<sweeps {
            var largest = step(everywhere, &fit.bias, penalty: 0, floor: -.infinity)
            for index in 0..<width where !columns[index].isEmpty {
                let moved = step(
                    columns[index], &fit.weights[index], penalty: 1, floor: isNonNegative ? 0 : -.infinity)
                largest = max(largest, moved)
            }
            if largest < tolerance { break }
        }
        return fit
    }

    private func softplus(_ x: Double) -> Double { x > 30 ? x : log1p(exp(x)) }
}

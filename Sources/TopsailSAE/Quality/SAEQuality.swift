import TopsailCore
import TopsailTensor

/// How well an SAE reconstructs and how sparse it is, summed over tokens; sums of different texts can be merged.
///
/// Definitions are SAEBench's `core` evaluation. All sums are in double precision.
public struct SAEQuality: Sendable, Hashable, Codable {
    public private(set) var tokens = 0
    /// Tokens on which each neuron was active. Shape `[d_sae]`.
    public private(set) var firings: [Int]
    /// Σ x. Shape `[d_out]`.
    private var sum: [Double]
    private var activeNeurons = 0
    private var activationSum = 0.0
    private var squaredError = 0.0
    /// Σ ‖x‖², Σ ‖x̂‖², Σ ⟨x, x̂⟩.
    private var squares = 0.0
    private var reconstructedSquares = 0.0
    private var products = 0.0
    private var cosineSum = 0.0
    private var normRatioSum = 0.0

    public init(dOut: Int, dSAE: Int) {
        sum = [Double](repeating: 0, count: dOut)
        firings = [Int](repeating: 0, count: dSAE)
    }

    /// Counts one token.
    ///
    /// - Parameters:
    ///   - x: What should have come out. Shape `[d_out]`.
    ///   - reconstruction: What did.
    public mutating func add(
        _ x: UnsafePointer<Float>, reconstruction: UnsafePointer<Float>, features: [ActiveFeature]
    ) {
        var (xx, yy, xy, error) = (0.0, 0.0, 0.0, 0.0)
        for i in sum.indices {
            let (a, b) = (Double(x[i]), Double(reconstruction[i]))
            sum[i] += a
            xx += a * a
            yy += b * b
            xy += a * b
            error += (a - b) * (a - b)
        }
        tokens += 1
        squaredError += error
        squares += xx
        reconstructedSquares += yy
        products += xy
        cosineSum += xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : 0
        normRatioSum += xx > 0 ? (yy / xx).squareRoot() : 0
        for feature in features where feature.value != 0 {
            firings[Int(feature.index)] += 1
            activeNeurons += 1
            activationSum += Double(abs(feature.value))
        }
    }

    /// Encodes rows with an SAE that reconstructs its own input, and counts them.
    public mutating func measure(_ sae: any SparseAutoencoder, on x: UnsafePointer<Float>, rows: Int) {
        let (dIn, dOut) = (sae.info.dIn, sae.info.dOut)
        let block = 512
        let output = FloatMatrix(rows: min(block, rows), columns: dOut)
        for first in stride(from: 0, to: rows, by: block) {
            let count = min(block, rows - first)
            let features = sae.reconstruct(x + first * dIn, tokens: count, into: output.pointer)
            for row in 0..<count {
                add(x + (first + row) * dIn, reconstruction: output.pointer + row * dOut, features: features[row])
            }
        }
    }

    /// Adds what was counted elsewhere for the same SAE.
    ///
    /// - Precondition: The same widths.
    public mutating func merge(_ other: SAEQuality) {
        precondition(sum.count == other.sum.count && firings.count == other.firings.count, "two different SAEs")
        tokens += other.tokens
        for i in sum.indices { sum[i] += other.sum[i] }
        for i in firings.indices { firings[i] += other.firings[i] }
        activeNeurons += other.activeNeurons
        activationSum += other.activationSum
        squaredError += other.squaredError
        squares += other.squares
        reconstructedSquares += other.reconstructedSquares
        products += other.products
        cosineSum += other.cosineSum
        normRatioSum += other.normRatioSum
    }
}

// MARK: Results

extension SAEQuality {
    private var count: Double { Double(max(tokens, 1)) }

    /// Mean number of active neurons a token.
    public var l0: Double { Double(activeNeurons) / count }
    /// Mean over tokens of the sum of absolute activations.
    public var l1: Double { activationSum / count }
    /// Mean over tokens of `‖x − x̂‖²`, summed over the width.
    public var mse: Double { squaredError / count }
    /// `1 − E‖x − x̂‖² / (E‖x‖² − ‖E x‖²)`; 0 when the activations do not vary.
    public var explainedVariance: Double {
        let variance = squares / count - sum.reduce(0) { $0 + ($1 / count) * ($1 / count) }
        return variance > 1e-10 ? 1 - mse / variance : 0
    }
    /// Fraction of variance unexplained.
    public var fvu: Double { 1 - explainedVariance }
    /// Mean cosine of input and reconstruction; a zero vector counts as 0.
    public var cosine: Double { cosineSum / count }
    /// Mean `‖x̂‖ / ‖x‖`.
    public var l2Ratio: Double { normRatioSum / count }
    /// `E‖x̂‖² / E⟨x, x̂⟩`; below 1 the SAE shrinks.
    public var reconstructionBias: Double { products != 0 ? reconstructedSquares / products : 0 }
    /// Share of neurons that were active on no token.
    public var deadFraction: Double { fraction { $0 == 0 } }

    /// Share of neurons active on more than this share of the tokens.
    public func denseFraction(above density: Double = 0.1) -> Double {
        fraction { Double($0) > density * count }
    }

    private func fraction(_ holds: (Int) -> Bool) -> Double {
        firings.isEmpty ? 0 : Double(firings.count(where: holds)) / Double(firings.count)
    }
}

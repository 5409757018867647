import TopsailCore
import TopsailTensor

/// `y = outputScale · (Σ f · scale · W_dec[row] + b_dec)`, and what a skip connection adds.
struct LinearDecoder: Sendable {
    /// One row a neuron, `[d_sae, d_out]`; `nil` for checkpoints without a decoder.
    var matrix: SAEMatrix?
    /// Multiplies each neuron's row.
    var scale: NeuronFactors?
    /// Shape `[d_out]`.
    var bias: [Float]
    /// Takes a reconstruction back to the model's units where one factor does.
    var outputScale: Float = 1
    /// Applied to the raw input and added at the end. Shape `[d_out, d_in]`.
    var skip: SAEMatrix?

    var dOut: Int { bias.count }

    /// Whether rows can be added where they lie.
    private var isInPlace: Bool { matrix.map { $0.columnStride == 1 && $0.inPlace != nil } ?? true }

    /// Decodes rows of features, without the skip connection.
    ///
    /// - Parameter y: `[features.count, d_out]`, overwritten.
    func decode(_ features: [[ActiveFeature]], into y: UnsafeMutablePointer<Float>) {
        let rows = isInPlace ? nil : GatheredRows(matrix!, features)
        let factors = scale?.values
        nonisolated(unsafe) let y = y
        Parallel.forRanges(count: features.count, minimum: 8) { range in
            for token in range { add(features[token], rows, factors, into: y + token * dOut) }
        }
    }

    /// Decodes one row of features.
    func decode(_ features: [ActiveFeature], into y: UnsafeMutablePointer<Float>) {
        let rows = isInPlace || features.isEmpty ? nil : GatheredRows(matrix!, [features])
        add(features, rows, features.isEmpty ? nil : scale?.values, into: y)
    }

    private func add(
        _ features: [ActiveFeature], _ rows: GatheredRows?, _ factors: [Float]?,
        into y: UnsafeMutablePointer<Float>
    ) {
        for i in 0..<dOut { y[i] = bias[i] }
        if let matrix {
            for feature in features {
                let index = Int(feature.index)
                guard let row = rows?[index] ?? matrix.inPlace.map({ $0 + index * matrix.rowStride }) else { continue }
                LinearAlgebra.axpy(feature.value * (factors?[index] ?? 1), row, into: y, count: dOut)
            }
        }
        if outputScale != 1 { for i in 0..<dOut { y[i] *= outputScale } }
    }

    /// Adds the skip connection's part.
    ///
    /// - Parameters:
    ///   - x: `[tokens, d_in]`, raw.
    ///   - y: `[tokens, d_out]`.
    func addSkip(_ x: UnsafePointer<Float>, tokens: Int, to y: UnsafeMutablePointer<Float>) {
        guard let skip else { return }
        let product = FloatMatrix(rows: tokens, columns: dOut)
        skip.multiply(x, count: tokens, into: product.pointer)
        for i in 0..<tokens * dOut { y[i] += product.pointer[i] }
    }
}

/// The decoder rows that some features need, widened together.
private struct GatheredRows: @unchecked Sendable {
    private let places: [Int: Int]
    private let memory: OwnedFloats
    private let width: Int

    init(_ matrix: SAEMatrix, _ features: [[ActiveFeature]]) {
        let indices = Set(features.lazy.joined().map { Int($0.index) }).sorted()
        places = Dictionary(uniqueKeysWithValues: indices.enumerated().map { ($1, $0) })
        memory = OwnedFloats(count: indices.count * matrix.columns)
        width = matrix.columns
        matrix.gatherRows(indices, into: memory.pointer)
    }

    subscript(index: Int) -> UnsafePointer<Float>? { places[index].map { UnsafePointer(memory.pointer + $0 * width) } }
}

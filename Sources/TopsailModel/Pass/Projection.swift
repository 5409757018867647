import TopsailTensor

/// A weight and where its product goes. Several projections of one input run as one parallel loop over panels of rows.
struct Projection {
    var weight: StoredMatrix
    /// `[tokens, weight.outputs]`, written.
    var output: UnsafeMutablePointer<Float>

    init(_ linear: Linear, into output: UnsafeMutablePointer<Float>) { self.init(linear.weight, into: output) }

    init(_ weight: StoredMatrix, into output: UnsafeMutablePointer<Float>) {
        self.weight = weight
        self.output = output
    }

    /// Computes every projection of the same `x`, `[tokens, inputs]`.
    static func apply(
        _ projections: [Projection], x: UnsafePointer<Float>, tokens: Int, precision: Precision
    ) {
        let rows = Activations(x, tokens: tokens, inputs: projections[0].weight.inputs)
        if precision.isNarrowed {
            rows.withNarrowed { multiply(projections, $0) }
        } else {
            multiply(projections, rows)
        }
    }

    private static func multiply(_ projections: [Projection], _ x: Activations) {
        let pieces = Piece.cut(projections)
        Parallel.forEach(count: pieces.count) { index in
            let piece = pieces[index]
            piece.weight.multiply(rows: piece.rows, x: x, y: piece.output, stride: piece.weight.outputs)
        }
    }

    /// A panel of one projection's rows: one piece of work.
    private struct Piece: @unchecked Sendable {
        var weight: StoredMatrix
        var output: UnsafeMutablePointer<Float>
        var rows: Range<Int>

        static func cut(_ projections: [Projection]) -> [Piece] {
            projections.flatMap { projection in
                let outputs = projection.weight.outputs
                // Large enough to pay for claiming it, small enough to share out evenly.
                let panel = outputs > 4096 ? 256 : 96
                return stride(from: 0, to: outputs, by: panel).map { start in
                    Piece(
                        weight: projection.weight, output: projection.output,
                        rows: start..<min(start + panel, outputs))
                }
            }
        }
    }
}

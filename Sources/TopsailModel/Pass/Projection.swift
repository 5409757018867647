import CKernels
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
        let pieces = Piece.cut(projections)
        nonisolated(unsafe) let x = x
        let inputs = projections[0].weight.inputs
        guard precision.usesBF16, tokens >= Self.tokensWorthPacking, inputs % 2 == 0 else {
            Parallel.forEach(count: pieces.count) { index in
                let piece = pieces[index]
                piece.weight.multiply(
                    rows: piece.rows, x: x, tokens: tokens, y: piece.output, stride: piece.weight.outputs)
            }
            return
        }
        ScratchMemory.withBuffer(of: UInt16.self, count: tokens * inputs) { narrowed in
            nonisolated(unsafe) let narrow = narrowed
            Parallel.forRanges(count: tokens, minimum: 32) { rows in
                let start = rows.lowerBound * inputs
                tsk_f32_to_bf16(x + start, rows.count * inputs, narrow + start)
            }
            Parallel.forEach(count: pieces.count) { index in
                let piece = pieces[index]
                piece.weight.multiplyBF16(
                    rows: piece.rows, x: narrow, tokens: tokens, y: piece.output, stride: piece.weight.outputs)
            }
        }
    }

    /// Below this many tokens, packing a weight for the bf16 unit costs more than it saves.
    private static let tokensWorthPacking = 4

    /// A panel of one projection's rows: one piece of work.
    private struct Piece: @unchecked Sendable {
        var weight: StoredMatrix
        var output: UnsafeMutablePointer<Float>
        var rows: Range<Int>

        static func cut(_ projections: [Projection]) -> [Piece] {
            projections.flatMap { projection in
                let outputs = projection.weight.outputs
                // Large enough to pay for BLAS, small enough to stay in a core's own cache and to share out evenly.
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

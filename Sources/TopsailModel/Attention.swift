import CKernels
import TopsailTensor

/// Causal grouped-query attention over the cache (Vaswani et al. 2017; Ainslie et al. 2023).
struct Attention {
    let nHeads: Int
    let nKVHeads: Int
    let dHead: Int

    /// Query rows handled at once; bounds the scores' size and the work wasted above the diagonal.
    private static let blockRows = 64

    private struct Piece {
        var segment: Segment
        var head: Int
        /// Rows of the segment, from its first.
        var rows: Range<Int>
    }

    /// Fills `z` for all rows of the segments. Keys and values of the new rows must be in the cache already.
    ///
    /// - Parameters:
    ///   - query: `[rows, heads * d_head]`, rotated.
    ///   - z: `[rows, heads * d_head]`, written.
    func run(
        layer: Int, segments: [Segment], cache: KVCache, query: UnsafePointer<Float>, z: UnsafeMutablePointer<Float>
    ) {
        var pieces: [Piece] = []
        for segment in segments {
            for head in 0..<nHeads {
                for start in stride(from: 0, to: segment.count, by: Self.blockRows) {
                    let rows = start..<min(start + Self.blockRows, segment.count)
                    pieces.append(Piece(segment: segment, head: head, rows: rows))
                }
            }
        }
        nonisolated(unsafe) let cache = cache
        nonisolated(unsafe) let query = query
        nonisolated(unsafe) let z = z
        let work = pieces
        // Single tokens of a short sequence cost less than waking a thread: several heads make one piece of work.
        Parallel.forRanges(count: work.count, minimum: segments.allSatisfy { $0.count == 1 } ? 9 : 1) { range in
            for index in range {
                let piece = work[index]
                let keyHead = piece.head * nKVHeads / nHeads
                let keys = cache.keys(layer: layer, slot: piece.segment.slot, head: keyHead)
                let values = cache.values(layer: layer, slot: piece.segment.slot, head: keyHead)
                attend(piece, keys: keys, values: values, query: query, z: z)
            }
        }
    }

    private func attend(
        _ piece: Piece, keys: UnsafePointer<Float>, values: UnsafePointer<Float>, query: UnsafePointer<Float>,
        z: UnsafeMutablePointer<Float>
    ) {
        let width = nHeads * dHead
        let rows = piece.rows.count
        let offset = (piece.segment.firstRow + piece.rows.lowerBound) * width + piece.head * dHead
        let firstPosition = piece.segment.start + piece.rows.lowerBound
        let seen = firstPosition + rows
        let scale = 1 / Float(dHead).squareRoot()
        ScratchMemory.withBuffer(of: Float.self, count: rows * seen) { scores in
            if rows == 1 {
                tsk_scores(query + offset, keys, seen, dHead, scale, scores)
                tsk_softmax(scores, seen)
                tsk_weighted_sum(scores, values, seen, dHead, z + offset)
                return
            }
            LinearAlgebra.serialGemm(
                transA: false, transB: true, m: rows, n: seen, k: dHead, alpha: scale, a: query + offset, lda: width,
                b: keys, ldb: dHead, beta: 0, c: scores, ldc: seen)
            for row in 0..<rows {
                let visible = firstPosition + row + 1
                tsk_softmax(scores + row * seen, visible)
                (scores + row * seen + visible).update(repeating: 0, count: seen - visible)
            }
            LinearAlgebra.serialGemm(
                transA: false, transB: false, m: rows, n: dHead, k: seen, alpha: 1, a: scores, lda: seen,
                b: values, ldb: dHead, beta: 0, c: z + offset, ldc: width)
        }
    }
}

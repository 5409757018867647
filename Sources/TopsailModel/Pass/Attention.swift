import CKernels
import TopsailTensor

/// Causal grouped-query attention over the cache (Vaswani et al. 2017; Ainslie et al. 2023).
struct Attention {
    let nHeads: Int
    let nKVHeads: Int
    let dHead: Int

    /// Query heads that share a key head.
    private var groupSize: Int { nHeads / nKVHeads }
    private var scale: Float { 1 / Float(dHead).squareRoot() }

    /// Query rows handled at once; bounds the scores' size and the work wasted above the diagonal.
    private static let blockRows = 64
    /// Positions handled at once for a single row: their keys stay in the first-level cache while the heads of a group share
    /// them.
    private static let blockPositions = 64

    /// Some rows of a segment, for the query heads of one key head.
    private struct Piece {
        var segment: Segment
        var keyHead: Int
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
            for keyHead in 0..<nKVHeads {
                for start in stride(from: 0, to: segment.count, by: Self.blockRows) {
                    let rows = start..<min(start + Self.blockRows, segment.count)
                    pieces.append(Piece(segment: segment, keyHead: keyHead, rows: rows))
                }
            }
        }
        nonisolated(unsafe) let cache = cache
        nonisolated(unsafe) let query = query
        nonisolated(unsafe) let z = z
        let work = pieces
        // Single tokens of a short sequence cost less than waking a thread: several heads make one piece of work.
        Parallel.forRanges(count: work.count, minimum: segments.allSatisfy { $0.count == 1 } ? 3 : 1) { range in
            for index in range {
                let piece = work[index]
                let keys = cache.keys(layer: layer, slot: piece.segment.slot, head: piece.keyHead)
                let values = cache.values(layer: layer, slot: piece.segment.slot, head: piece.keyHead)
                if piece.rows.count == 1 {
                    attendOneRow(piece, keys: keys, values: values, query: query, z: z)
                } else {
                    for head in 0..<groupSize {
                        attend(piece, head: head, keys: keys, values: values, query: query, z: z)
                    }
                }
            }
        }
    }

    /// Where the piece's first row has its first query head.
    private func offset(of piece: Piece) -> Int {
        (piece.segment.firstRow + piece.rows.lowerBound) * nHeads * dHead + piece.keyHead * groupSize * dHead
    }

    private func attendOneRow(
        _ piece: Piece, keys: UnsafePointer<Float>, values: UnsafePointer<Float>, query: UnsafePointer<Float>,
        z: UnsafeMutablePointer<Float>
    ) {
        let first = offset(of: piece)
        let seen = piece.segment.start + piece.rows.lowerBound + 1
        let blocks = stride(from: 0, to: seen, by: Self.blockPositions)
        ScratchMemory.withBuffer(of: Float.self, count: groupSize * seen) { scores in
            for block in blocks {
                let count = min(Self.blockPositions, seen - block)
                for head in 0..<groupSize {
                    tsk_scores(
                        query + first + head * dHead, keys + block * dHead, count, dHead, scale,
                        scores + head * seen + block)
                }
            }
            for head in 0..<groupSize { tsk_softmax(scores + head * seen, seen) }
            (z + first).update(repeating: 0, count: groupSize * dHead)
            for block in blocks {
                let count = min(Self.blockPositions, seen - block)
                for head in 0..<groupSize {
                    tsk_add_weighted(
                        scores + head * seen + block, values + block * dHead, count, dHead, z + first + head * dHead)
                }
            }
        }
    }

    private func attend(
        _ piece: Piece, head: Int, keys: UnsafePointer<Float>, values: UnsafePointer<Float>,
        query: UnsafePointer<Float>, z: UnsafeMutablePointer<Float>
    ) {
        let width = nHeads * dHead
        let rows = piece.rows.count
        let first = offset(of: piece) + head * dHead
        let firstPosition = piece.segment.start + piece.rows.lowerBound
        let seen = firstPosition + rows
        ScratchMemory.withBuffer(of: Float.self, count: rows * seen) { scores in
            LinearAlgebra.serialGemm(
                transA: false, transB: true, m: rows, n: seen, k: dHead, alpha: scale, a: query + first, lda: width,
                b: keys, ldb: dHead, beta: 0, c: scores, ldc: seen)
            for row in 0..<rows {
                let visible = firstPosition + row + 1
                tsk_softmax(scores + row * seen, visible)
                (scores + row * seen + visible).update(repeating: 0, count: seen - visible)
            }
            LinearAlgebra.serialGemm(
                transA: false, transB: false, m: rows, n: dHead, k: seen, alpha: 1, a: scores, lda: seen,
                b: values, ldb: dHead, beta: 0, c: z + first, ldc: width)
        }
    }
}

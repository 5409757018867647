import CKernels
import TopsailTensor

/// Causal grouped-query attention over the cache (Vaswani et al. 2017; Ainslie et al. 2023).
struct Attention {
    let nHeads: Int
    let nKVHeads: Int
    let dHead: Int
    /// What scores are multiplied by.
    private let scale: Float
    private let softCap: Float?
    /// Tokens that a position sees, itself included; all before it when `nil`.
    private let window: Int?

    init(_ c: ModelConfiguration, layer: Int) {
        nHeads = c.nHeads
        nKVHeads = c.nKVHeads
        dHead = c.dHead
        scale = c.attention.scale * c.layers[layer].scale
        softCap = c.attention.softCap
        window = c.layers[layer].window
    }

    /// Query heads that share a key head.
    private var groupSize: Int { nHeads / nKVHeads }

    /// The first position that `position` sees.
    private func firstSeen(from position: Int) -> Int { window.map { max(0, position - $0 + 1) } ?? 0 }

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
        let position = piece.segment.start + piece.rows.lowerBound
        let start = firstSeen(from: position)
        let seen = position + 1 - start
        let keys = keys + start * dHead, values = values + start * dHead
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
            if let softCap { tsk_softcap(scores, softCap, groupSize * seen) }
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
        // Columns are the positions that any row of the piece sees.
        let start = firstSeen(from: firstPosition)
        let columns = firstPosition + rows - start
        ScratchMemory.withBuffer(of: Float.self, count: rows * columns) { scores in
            LinearAlgebra.serialGemm(
                transA: false, transB: true, m: rows, n: columns, k: dHead, alpha: scale, a: query + first, lda: width,
                b: keys + start * dHead, ldb: dHead, beta: 0, c: scores, ldc: columns)
            for row in 0..<rows {
                let hidden = firstSeen(from: firstPosition + row) - start
                let end = firstPosition + row + 1 - start
                let line = scores + row * columns
                line.update(repeating: 0, count: hidden)
                if let softCap { tsk_softcap(line + hidden, softCap, end - hidden) }
                tsk_softmax(line + hidden, end - hidden)
                (line + end).update(repeating: 0, count: columns - end)
            }
            LinearAlgebra.serialGemm(
                transA: false, transB: false, m: rows, n: dHead, k: columns, alpha: 1, a: scores, lda: columns,
                b: values + start * dHead, ldb: dHead, beta: 0, c: z + first, ldc: width)
        }
    }
}

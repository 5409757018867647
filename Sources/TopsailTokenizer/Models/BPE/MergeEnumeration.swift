import TopsailCore

/// The merges of a vocabulary that lists none: any two pieces that together are a piece, in the order that pieces have.
///
/// That is how SentencePiece (by score) and tiktoken (by rank) merge.
enum MergeEnumeration {
    /// - Parameter rank: How early the merges that yield a piece come, given its id and the number of merges before; equal
    ///   ranks go by their place in the text. `nil` for a piece that is not merged.
    static func merges(of vocabulary: Vocabulary, rank: (TokenID, Int) -> UInt32?) -> MergeTable {
        var found: [(left: TokenID, right: TokenID, merge: Merge)] = []
        found.reserveCapacity(vocabulary.count * 2)
        vocabulary.forEachPiece { id, piece in
            var middle = piece.isEmpty ? 0 : piece.next(after: 0)
            while middle < piece.count {
                if let rank = rank(id, found.count), let left = vocabulary.piece(piece[0..<middle]),
                    let right = vocabulary.piece(piece[middle..<piece.count])
                {
                    found.append((left, right, Merge(rank: rank, result: id)))
                }
                middle = piece.next(after: middle)
            }
        }
        var table = MergeTable(capacity: found.count)
        for (left, right, merge) in found { table.insert(merge, joining: left, right) }
        return table
    }

    /// The place of each score among all, highest first; equal scores share one.
    static func ranks(ofScores scores: [Float]) -> [UInt32] {
        let order = scores.indices.sorted { scores[$0] > scores[$1] }
        var ranks = [UInt32](repeating: 0, count: scores.count)
        var rank: UInt32 = 0
        for (place, index) in order.enumerated() {
            if place > 0, scores[index] < scores[order[place - 1]] { rank += 1 }
            ranks[index] = rank
        }
        return ranks
    }
}

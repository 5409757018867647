import TopsailCore

/// Merges the bytes of one pre-token into tokens: again and again the neighbouring pair of lowest rank, leftmost first.
///
/// Holds scratch that is used again from pre-token to pre-token, so it belongs to one call of `encode`.
package struct PieceMerger {
    private let merges: MergeTable
    private let singleBytes: [TokenID]
    private var tokens: [TokenID] = []
    /// `pending[i]` is what tokens `i` and `i + 1` become.
    private var pending: [Merge] = []
    private var chain = MergeChain()

    /// Up to here scanning for the lowest rank is no slower than keeping a heap; measured on random letters.
    private static let longestScan = 128

    package init(merges: MergeTable, singleBytes: [TokenID]) {
        self.merges = merges
        self.singleBytes = singleBytes
    }

    /// Appends the tokens of a pre-token. Bytes that are not in the vocabulary are left out, as in the reference.
    ///
    /// - Complexity: O(n log n) in the number of bytes.
    package mutating func append(_ piece: UnsafeRawBufferPointer, to output: inout [TokenID]) {
        append(piece, to: &output, scanningUpTo: Self.longestScan)
    }

    package mutating func append(
        _ piece: UnsafeRawBufferPointer, to output: inout [TokenID], scanningUpTo longestScan: Int
    ) {
        tokens.removeAll(keepingCapacity: true)
        for byte in piece where singleBytes[Int(byte)] >= 0 { tokens.append(singleBytes[Int(byte)]) }
        if tokens.count <= longestScan {
            mergeByScanning()
            output.append(contentsOf: tokens)
        } else {
            chain.merge(tokens, with: merges, into: &output)
        }
    }

    private mutating func mergeByScanning() {
        guard tokens.count > 1 else { return }
        pending.removeAll(keepingCapacity: true)
        for i in 0..<tokens.count - 1 { pending.append(merges.merge(tokens[i], tokens[i + 1])) }
        while let at = leftmostLowest() {
            tokens[at] = pending[at].result
            tokens.remove(at: at + 1)
            pending.remove(at: at)
            if at > 0 { pending[at - 1] = merges.merge(tokens[at - 1], tokens[at]) }
            if at < pending.count { pending[at] = merges.merge(tokens[at], tokens[at + 1]) }
        }
    }

    private func leftmostLowest() -> Int? {
        var lowest = Merge.none
        var at: Int?
        for i in pending.indices where pending[i] < lowest {
            lowest = pending[i]
            at = i
        }
        return at
    }
}

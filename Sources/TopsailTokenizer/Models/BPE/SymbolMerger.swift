import TopsailCore

/// Merges the symbols of one pre-token into tokens: again and again the neighbouring pair of lowest rank, leftmost first.
///
/// Holds scratch that is used again from pre-token to pre-token, so it belongs to one call of `encode`.
package struct SymbolMerger {
    private let merges: MergeTable
    private var tokens: [TokenID] = []
    /// `pending[i]` is what tokens `i` and `i + 1` become.
    private var pending: [Merge] = []
    private var chain = MergeChain()

    /// Up to here scanning for the lowest rank is no slower than keeping a heap; measured on random letters.
    private static let longestScan = 128

    package init(merges: MergeTable) {
        self.merges = merges
    }

    /// Appends the tokens that the symbols of a pre-token merge into.
    ///
    /// - Complexity: O(n log n) in the number of symbols.
    package mutating func append(_ symbols: [TokenID], to output: inout [TokenID]) {
        append(symbols, to: &output, scanningUpTo: Self.longestScan)
    }

    package mutating func append(_ symbols: [TokenID], to output: inout [TokenID], scanningUpTo longestScan: Int) {
        guard symbols.count <= longestScan else { return chain.merge(symbols, with: merges, into: &output) }
        tokens.removeAll(keepingCapacity: true)
        tokens.append(contentsOf: symbols)
        mergeByScanning()
        output.append(contentsOf: tokens)
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

    /// Merges of one rank may have several results, so that ranks alone are compared.
    private func leftmostLowest() -> Int? {
        var lowest = Merge.none.rank
        var at: Int?
        for i in pending.indices where pending[i].rank < lowest {
            lowest = pending[i].rank
            at = i
        }
        return at
    }
}

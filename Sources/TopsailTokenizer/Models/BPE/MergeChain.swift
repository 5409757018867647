import TopsailCore

/// The merging of a long pre-token: tokens in a linked list, candidate merges in a heap.
///
/// Gives what `PieceMerger`'s scan gives, in O(n log n): a run of 100,000 equal letters must not take minutes.
struct MergeChain {
    private struct Link {
        var token: TokenID
        var previous: Int32
        var next: Int32
        /// What this token and the next become; `.none` once the token has been merged away.
        var pending = Merge.none
    }

    private static let end: Int32 = -1
    private var links: [Link] = []
    private var candidates = MinHeap()

    /// Appends the tokens that `tokens` merge into.
    ///
    /// - Precondition: Fewer than 2^31 tokens.
    mutating func merge(_ tokens: [TokenID], with merges: MergeTable, into output: inout [TokenID]) {
        precondition(tokens.count < Int32.max, "a pre-token of \(tokens.count) bytes")
        link(tokens)
        for at in links.indices.dropLast() { propose(at, merges) }
        while let candidate = candidates.popLowest() {
            let at = Int(candidate & 0xFFFF_FFFF)
            // A candidate is stale when either of its tokens has changed since; then its rank is not the pending one.
            guard links[at].pending != .none, UInt64(links[at].pending.rank) == candidate >> 32 else { continue }
            join(at, merges)
        }
        var at: Int32 = links.isEmpty ? Self.end : 0
        while at != Self.end {
            output.append(links[Int(at)].token)
            at = links[Int(at)].next
        }
    }

    private mutating func link(_ tokens: [TokenID]) {
        links.removeAll(keepingCapacity: true)
        candidates.removeAll()
        for (at, token) in tokens.enumerated() {
            let next = at + 1 < tokens.count ? Int32(at + 1) : Self.end
            links.append(Link(token: token, previous: Int32(at) - 1, next: next))
        }
    }

    /// Merges the token with its next one.
    private mutating func join(_ at: Int, _ merges: MergeTable) {
        let gone = Int(links[at].next)
        links[at].token = links[at].pending.result
        links[at].next = links[gone].next
        links[gone].pending = .none
        if links[at].next != Self.end { links[Int(links[at].next)].previous = Int32(at) }
        propose(at, merges)
        if links[at].previous != Self.end { propose(Int(links[at].previous), merges) }
    }

    private mutating func propose(_ at: Int, _ merges: MergeTable) {
        guard links[at].next != Self.end else {
            links[at].pending = .none
            return
        }
        let merge = merges.merge(links[at].token, links[Int(links[at].next)].token)
        links[at].pending = merge
        if merge != .none { candidates.insert(UInt64(merge.rank) << 32 | UInt64(at)) }
    }
}

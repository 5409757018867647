/// The set of a text's three-word runs, which near-duplicates share.
package struct Shingles: Sendable {
    /// Hashes, rising and distinct.
    let hashes: [UInt64]

    /// - Parameter words: Lower-case words; a text of fewer than three is one run.
    package init(words: [String]) {
        let width = 3
        let values = words.map { StableHash.of($0) }
        let starts = 0..<max(1, values.count - width + 1)
        let runs = starts.map { start in
            values[start..<min(start + width, values.count)].reduce(0) { StableHash.combine($0, $1) }
        }
        hashes = Set(runs).sorted()
    }

    /// Size of the intersection divided by size of the union, `0 ... 1`.
    package func jaccard(_ other: Shingles) -> Double {
        var i = 0
        var j = 0
        var shared = 0
        while i < hashes.count, j < other.hashes.count {
            if hashes[i] == other.hashes[j] {
                shared += 1
                i += 1
                j += 1
            } else if hashes[i] < other.hashes[j] {
                i += 1
            } else {
                j += 1
            }
        }
        return Double(shared) / Double(hashes.count + other.hashes.count - shared)
    }

    /// Smallest hash under each of `count` permutations (Broder 1997): two sets agree at a place with probability
    /// `jaccard`.
    func minHashes(_ count: Int) -> [UInt64] {
        (0..<count).map { permutation in
            let salt = StableHash.mix(UInt64(permutation) &+ 1)
            return hashes.reduce(UInt64.max) { min($0, StableHash.mix($1 ^ salt)) }
        }
    }
}

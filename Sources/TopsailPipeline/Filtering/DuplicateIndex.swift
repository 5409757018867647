/// Finds texts that say almost the same as one seen before.
///
/// Candidates come from locality-sensitive hashing of MinHash signatures (16 bands of 4: a pair with Jaccard 0.7 is
/// missed about once in eighty), and from the texts of the same seed; what counts is the exact Jaccard similarity.
package struct DuplicateIndex {
    /// Jaccard similarity of three-word runs from which two texts count as the same.
    package var threshold = 0.7

    private static let bands = 16
    private static let rowsPerBand = 4

    private var kept: [Shingles] = []
    private var buckets: [UInt64: [Int]] = [:]
    private var bySeed: [Int: [Int]] = [:]

    package init() {}

    /// Remembers a text, unless it repeats one.
    ///
    /// - Parameters:
    ///   - words: Its words, lower-case.
    ///   - seed: What it grew from; texts of one seed are all compared.
    /// - Returns: `false` when it is a duplicate; it is then not remembered.
    package mutating func insert(words: [String], seed: Int) -> Bool {
        let shingles = Shingles(words: words)
        let keys = bandKeys(shingles)
        var candidates = Set(bySeed[seed] ?? [])
        for key in keys { candidates.formUnion(buckets[key] ?? []) }
        guard candidates.allSatisfy({ kept[$0].jaccard(shingles) < threshold }) else { return false }
        for key in keys { buckets[key, default: []].append(kept.count) }
        bySeed[seed, default: []].append(kept.count)
        kept.append(shingles)
        return true
    }

    private func bandKeys(_ shingles: Shingles) -> [UInt64] {
        let signature = shingles.minHashes(Self.bands * Self.rowsPerBand)
        return (0..<Self.bands).map { band in
            let rows = signature[band * Self.rowsPerBand..<(band + 1) * Self.rowsPerBand]
            return rows.reduce(UInt64(band)) { StableHash.combine($0, $1) }
        }
    }
}

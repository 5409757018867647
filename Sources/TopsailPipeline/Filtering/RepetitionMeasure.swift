/// How much a text repeats itself. Small models fall into loops; such texts teach an SAE nothing.
package enum RepetitionMeasure {
    /// Share of the runs of `length` words that are different from one another; 1 for a text of fewer words.
    package static func distinctWordRuns(_ words: [String], length: Int = 4) -> Double {
        let hashes = words.map { StableHash.of($0) }
        return distinctShare(of: hashes, length: length)
    }

    /// Share of the stretches of `length` bytes that do not occur earlier: what a compressor would have to write out.
    package static func distinctByteRuns(_ text: String, length: Int = 24) -> Double {
        distinctShare(of: text.utf8.map(UInt64.init), length: length)
    }

    private static func distinctShare(of values: [UInt64], length: Int) -> Double {
        let count = values.count - length + 1
        guard count > 0 else { return 1 }
        var seen = Set<UInt64>(minimumCapacity: count)
        for start in 0..<count {
            seen.insert(values[start..<start + length].reduce(0) { StableHash.combine($0, $1) })
        }
        return Double(seen.count) / Double(count)
    }
}

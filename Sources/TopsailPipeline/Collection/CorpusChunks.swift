/// Cuts a corpus into stretches that are read by themselves.
///
/// Documents that a model reads side by side share matrix products, whose rounding can depend on how many rows there are. A
/// chunk is therefore always read alone and whole: its bits are the same whoever reads it, and whatever was read before.
enum CorpusChunks {
    /// Runs of documents with at least so many tokens, but for the last.
    static func ranges(of documents: [CorpusReading], tokens: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        var count = 0
        for (index, document) in documents.enumerated() {
            count += document.text.count
            guard count >= tokens || index == documents.count - 1 else { continue }
            ranges.append(start..<index + 1)
            start = index + 1
            count = 0
        }
        return ranges
    }
}

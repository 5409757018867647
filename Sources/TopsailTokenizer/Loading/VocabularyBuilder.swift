import TopsailCore

/// Collects entries and merges as a loader reads them, and says what is wrong with them in terms of the file.
struct VocabularyBuilder: TokenizerFileReader {
    private(set) var vocabulary: Vocabulary
    private(set) var merges: MergeTable
    let path: String
    private var mergeCount: UInt32 = 0
    private var scratch: [UInt8] = []

    /// - Parameters:
    ///   - tokenCount: One more than the highest id.
    ///   - mergeCount: The number of merges to come.
    init(path: String, tokenCount: Int, mergeCount: Int) throws(TokenizerError) {
        guard tokenCount <= Vocabulary.mostEntries, mergeCount <= Vocabulary.mostEntries else {
            let problem = "has more entries (\(max(tokenCount, mergeCount))) than the \(Vocabulary.mostEntries) allowed"
            throw TokenizerError(path: path, reason: .badEntry(place: "the vocabulary", problem: problem))
        }
        self.path = path
        vocabulary = Vocabulary(count: tokenCount)
        merges = MergeTable(capacity: mergeCount)
    }

    mutating func setEntry(_ id: TokenID, spelled entry: UnsafeRawBufferPointer) throws(TokenizerError) {
        guard vocabulary.setEntry(id, spelled: entry) else { throw full(id) }
    }

    mutating func setLiteral(_ id: TokenID, text: String) throws(TokenizerError) {
        guard vocabulary.setLiteral(id, text: text) else { throw full(id) }
    }

    /// Adds the next merge, of lower priority than all before it. All entries must have been set.
    ///
    /// - Parameter place: The merge's place in the file, for errors.
    mutating func addMerge(
        _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer, place: @autoclosure () -> String
    ) throws(TokenizerError) {
        scratch.removeAll(keepingCapacity: true)
        let isSpelled = ByteAlphabet.appendBytes(spelledBy: left, to: &scratch)
        let middle = scratch.count
        guard isSpelled, ByteAlphabet.appendBytes(spelledBy: right, to: &scratch) else {
            throw bad(place(), "is not spelled in the byte alphabet")
        }
        let found = scratch.withUnsafeBytes { bytes in
            (
                left: vocabulary.piece(for: UnsafeRawBufferPointer(rebasing: bytes[..<middle])),
                right: vocabulary.piece(for: UnsafeRawBufferPointer(rebasing: bytes[middle...])),
                result: vocabulary.piece(for: bytes)
            )
        }
        guard let leftID = found.left, let rightID = found.right, let result = found.result else {
            let absent = found.left == nil ? scratch[..<middle] : found.right == nil ? scratch[middle...] : scratch[...]
            throw bad(place(), "needs the entry “\(ByteAlphabet.spelling(of: absent))”, which is not in the vocabulary")
        }
        merges.insert(Merge(rank: mergeCount, result: result), joining: leftID, rightID)
        mergeCount += 1
    }

    /// Adds the next merge from its one-line form, two entries with a space between them.
    mutating func addMerge(line: UnsafeRawBufferPointer, place: @autoclosure () -> String) throws(TokenizerError) {
        // A space is not in the byte alphabet, so that a second one is noticed with the right-hand entry.
        guard let space = line.firstIndex(of: UInt8(ascii: " ")), space > 0, space + 1 < line.count else {
            throw bad(place(), "should be two entries with a space between them")
        }
        try addMerge(
            UnsafeRawBufferPointer(rebasing: line[..<space]), UnsafeRawBufferPointer(rebasing: line[(space + 1)...]),
            place: place())
    }

    private func full(_ id: TokenID) -> TokenizerError {
        bad("entry \(id)", "does not fit: all entries together are over 4 GiB")
    }
}

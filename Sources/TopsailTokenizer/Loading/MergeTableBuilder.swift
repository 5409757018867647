import TopsailCore

/// Collects the merges of a BPE model in their order. All entries of the vocabulary must have been set.
struct MergeTableBuilder: TokenizerFileReader {
    private(set) var merges: MergeTable
    let path: String
    private let vocabulary: Vocabulary
    /// What the right-hand entry has in front that the outcome has not, in bytes.
    private let prefixLength: Int
    private var count: UInt32 = 0
    private var scratch: [UInt8] = []

    /// - Parameter mergeCount: The number of merges to come.
    init(path: String, vocabulary: Vocabulary, mergeCount: Int, prefix: [UInt8] = []) throws(TokenizerError) {
        guard mergeCount <= Vocabulary.mostEntries else {
            let problem = "has more merges (\(mergeCount)) than the \(Vocabulary.mostEntries) allowed"
            throw TokenizerError(path: path, reason: .badEntry(place: "the model", problem: problem))
        }
        self.path = path
        self.vocabulary = vocabulary
        prefixLength = prefix.count
        merges = MergeTable(capacity: mergeCount)
    }

    /// Adds the next merge, of lower priority than all before it.
    ///
    /// - Parameter place: The merge's place in the file, for errors.
    mutating func add(
        _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer, place: @autoclosure () -> String
    ) throws(TokenizerError) {
        guard right.count >= prefixLength else { throw bad(place(), "has a part without the continuing prefix") }
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: left)
        scratch.append(contentsOf: right[prefixLength...])
        let result = scratch.withUnsafeBytes { vocabulary.piece($0) }
        guard let leftID = vocabulary.piece(left) else { throw absent(left, place()) }
        guard let rightID = vocabulary.piece(right) else { throw absent(right, place()) }
        guard let result else { throw scratch.withUnsafeBytes { absent($0, place()) } }
        merges.insert(Merge(rank: count, result: result), joining: leftID, rightID)
        count += 1
    }

    /// Adds the next merge from its one-line form, two entries with a space between them.
    mutating func add(line: UnsafeRawBufferPointer, place: @autoclosure () -> String) throws(TokenizerError) {
        guard let space = line.firstIndex(of: UInt8(ascii: " ")), space > 0, space + 1 < line.count,
            !line[(space + 1)...].contains(UInt8(ascii: " "))
        else { throw bad(place(), "should be two entries with a space between them") }
        try add(
            UnsafeRawBufferPointer(rebasing: line[..<space]), UnsafeRawBufferPointer(rebasing: line[(space + 1)...]),
            place: place())
    }

    private func absent(_ entry: UnsafeRawBufferPointer, _ place: String) -> TokenizerError {
        bad(place, "needs the entry “\(String(decoding: entry, as: UTF8.self))”, which is not in the vocabulary")
    }
}

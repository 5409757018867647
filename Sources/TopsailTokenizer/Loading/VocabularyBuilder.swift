import TopsailCore

/// Collects the entries of a vocabulary as a loader reads them, and says what is wrong with them in terms of the file.
struct VocabularyBuilder: TokenizerFileReader {
    private(set) var vocabulary: Vocabulary
    let path: String

    /// - Parameter count: One more than the highest id.
    init(path: String, count: Int) throws(TokenizerError) {
        guard count <= Vocabulary.mostEntries else {
            let problem = "has more entries (\(count)) than the \(Vocabulary.mostEntries) allowed"
            throw TokenizerError(path: path, reason: .badEntry(place: "the vocabulary", problem: problem))
        }
        self.path = path
        vocabulary = Vocabulary(count: count)
    }

    /// Gives an id its spelling.
    mutating func setPiece(_ id: TokenID, _ spelling: UnsafeRawBufferPointer) throws(TokenizerError) {
        guard vocabulary.setEntry(id, spelling, kind: .piece) else { throw full(id) }
    }

    /// Gives an id, which must not have had it before, a spelling that no other has.
    mutating func setNewPiece(
        _ id: TokenID, _ spelling: UnsafeRawBufferPointer, place: @autoclosure () -> String
    ) throws(TokenizerError) {
        guard vocabulary.kind(of: id) == .absent else { throw bad(place(), "gives the id \(id) to two entries") }
        guard vocabulary.piece(spelling) == nil else {
            throw bad(place(), "has the entry “\(String(decoding: spelling, as: UTF8.self))” twice")
        }
        try setPiece(id, spelling)
    }

    /// Gives an id the text of an added token.
    mutating func setAdded(_ id: TokenID, _ text: some Collection<UInt8>) throws(TokenizerError) {
        guard vocabulary.setEntry(id, text, kind: .added) else { throw full(id) }
    }

    /// Takes in an added token as `tokenizers` does: one that is a piece already keeps that piece's id.
    mutating func add(_ token: inout AddedToken, place: @autoclosure () -> String) throws(TokenizerError) {
        if let known = vocabulary.piece(token.text.utf8) {
            token.id = known
            return
        }
        if vocabulary.kind(of: token.id) == .piece {
            let entry = String(decoding: vocabulary.spelling(of: token.id), as: UTF8.self)
            throw bad(place(), "has the id \(token.id), which is the entry “\(entry)”")
        }
        try setAdded(token.id, token.text.utf8)
    }

    private func full(_ id: TokenID) -> TokenizerError {
        bad("entry \(id)", "does not fit: all entries together are over 4 GiB")
    }
}

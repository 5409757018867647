import Foundation

/// The lines of a tiktoken file: a token in base 64, a space, its rank.
struct TiktokenRanks: TokenizerFileReader {
    let path: String

    /// Whether the first line is one of such a file.
    static func isLikely(_ data: Data) -> Bool {
        let line = data.prefix(4096).prefix { $0 != 0x0A }
        guard let space = line.firstIndex(of: 0x20), space > line.startIndex else { return false }
        let digits = line[(space + 1)...].filter { $0 != 0x0D }
        return !digits.isEmpty && digits.allSatisfy { (0x30...0x39).contains($0) }
            && Base64.decoded(line[..<space]) != nil
    }

    func read(_ data: Data) throws(TokenizerError) -> [(rank: Int, token: [UInt8])] {
        var ranks: [(rank: Int, token: [UInt8])] = []
        var number = 0
        for line in data.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            let line = line.last == 0x0D ? line.dropLast() : line
            guard !line.isEmpty else { continue }
            guard let space = line.firstIndex(of: 0x20), let token = Base64.decoded(line[..<space]), !token.isEmpty,
                let rank = Int(String(decoding: line[(space + 1)...], as: UTF8.self))
            else { throw bad("line \(number)", "should be a token in base 64, a space and its rank") }
            guard (0..<Vocabulary.mostEntries).contains(rank) else {
                throw bad("line \(number)", "has a rank that is not from 0 to \(Vocabulary.mostEntries - 1)")
            }
            ranks.append((rank, token))
        }
        return ranks
    }
}

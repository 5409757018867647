import Foundation
import TopsailCore

/// Reads tiktoken's ranks. The file has no expression and no special tokens: they are known for published encodings.
struct TiktokenReader: TokenizerFileReader {
    let path: String
    let configuration: TokenizerConfiguration?

    func read(
        _ data: Data, pattern: String?, specialTokens: [String: Int]
    ) throws(TokenizerError) -> PipelineTokenizer {
        let ranks = try TiktokenRanks(path: path).read(data)
        let encoding = TiktokenEncoding.known.first { $0.count == ranks.count }
        guard let expression = pattern ?? encoding?.pattern else {
            throw unsupported("an encoding of \(ranks.count) tokens,", "none of the published ones,")
        }
        var pipeline = PipelineTokenizer.Pipeline()
        pipeline.decoder = .byteLevel
        if pattern == nil, let encoding { pipeline.normalizer = encoding.normalizer }
        let known: Splitting.Pattern
        if let handWritten = KnownExpressions.pattern(expression) {
            known = handWritten
        } else {
            known = .text(.expression(try regularExpression(expression, place: "the pattern")))
        }
        pipeline.preTokenizer = PreTokenizer([
            .split(Splitting(known, .isolated)), .byteLevel(addsPrefixSpace: false, splits: false),
        ])
        var addedTokens = try addedTokens(specialTokens, encoding)
        let vocabulary = try vocabulary(of: ranks, &addedTokens)
        let merges = MergeEnumeration.merges(of: vocabulary) { id, _ in UInt32(id) }
        var model = BPEModel(vocabulary: vocabulary, merges: merges)
        model.ignoresMerges = true
        return PipelineTokenizer(
            model: .bpe(model), pipeline: pipeline, addedTokens: addedTokens,
            special: special(encoding, vocabulary, addedTokens))
    }

    private func addedTokens(
        _ given: [String: Int], _ encoding: TiktokenEncoding?
    ) throws(TokenizerError) -> [AddedToken] {
        if given.isEmpty, let configured = try configuration?.addedTokens(), !configured.isEmpty { return configured }
        let named = given.isEmpty ? encoding?.specialTokens ?? [:] : given
        return try named.sorted { $0.value < $1.value }.map { (text, id) throws(TokenizerError) in
            guard (0..<Vocabulary.mostEntries).contains(id), !text.isEmpty else {
                throw bad(
                    "the special token “\(text)”", "has an id that is not from 0 to \(Vocabulary.mostEntries - 1)")
            }
            return AddedToken(id: TokenID(id), text: text, isSpecial: true)
        }
    }

    private func vocabulary(
        of ranks: [(rank: Int, token: [UInt8])], _ addedTokens: inout [AddedToken]
    ) throws(TokenizerError) -> Vocabulary {
        let highest = max(ranks.map(\.rank).max() ?? -1, Int(addedTokens.map(\.id).max() ?? -1))
        var builder = try VocabularyBuilder(path: path, count: highest + 1)
        for (rank, token) in ranks {
            let spelling = token.withUnsafeBytes { ByteAlphabet.spelled(UTF8Text($0)) }
            try spelling.withText { (text) throws(TokenizerError) in
                try builder.setNewPiece(TokenID(rank), text.bytes, place: "rank \(rank)")
            }
        }
        for byte in UInt8.min...UInt8.max where builder.vocabulary.piece(ByteAlphabet.spelling(of: [byte]).utf8) == nil
        {
            throw bad("the file", "has no rank for the byte \(byte)")
        }
        for index in addedTokens.indices { try builder.add(&addedTokens[index], place: "the special tokens") }
        return builder.vocabulary
    }

    private func special(
        _ encoding: TiktokenEncoding?, _ vocabulary: Vocabulary, _ addedTokens: [AddedToken]
    ) -> PipelineTokenizer.SpecialTokens {
        func token(_ text: String?) -> TokenID? { addedTokens.first { $0.text == text }?.id }
        var special = PipelineTokenizer.SpecialTokens()
        special.bos = configuration?.token("bos_token", vocabulary, addedTokens) ?? token(encoding?.bos)
        special.eos = configuration?.token("eos_token", vocabulary, addedTokens) ?? token(encoding?.eos)
        let addsBOS = configuration?.flag("add_bos_token") ?? encoding?.addsBOS ?? false
        if addsBOS, let bos = special.bos { special.before = [bos] }
        return special
    }
}

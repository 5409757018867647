import Foundation
import TopsailCore

/// Reads a SentencePiece `tokenizer.model`; text is read as SentencePiece itself reads it.
struct SentencePieceReader: TokenizerFileReader {
    let path: String
    let configuration: TokenizerConfiguration?

    func read(_ data: Data) throws(TokenizerError) -> PipelineTokenizer {
        let file = try parse(data)
        if let problem = file.problem { throw bad(problem.place, problem.text) }
        guard file.kind == .bpe || file.kind == .unigram else {
            throw unsupported("trainer_spec.model_type", "\(file.kind)".uppercased())
        }
        if let unused = file.pieces.firstIndex(where: { $0.type == .unused }) {
            throw unsupported("pieces[\(unused)] of the type", "UNUSED")
        }
        var normalizer = file.normalizer
        if !file.characterMap.isEmpty {
            guard let map = CharacterMap(file.characterMap) else {
                throw bad("normalizer_spec.precompiled_charsmap", "is not a compiled character map")
            }
            normalizer.map = map
        }
        var pipeline = PipelineTokenizer.Pipeline()
        pipeline.normalizer = .sentencePiece(normalizer)
        pipeline.decoder = .sentencePiece(dropsFirstSpace: normalizer.addsDummyPrefix)
        var addedTokens = try addedTokens(of: file)
        let vocabulary = try readVocabulary(file, &addedTokens)
        return PipelineTokenizer(
            model: try model(file, vocabulary), pipeline: pipeline, addedTokens: addedTokens,
            special: specialTokens(file, vocabulary, addedTokens))
    }

    private func parse(_ data: Data) throws(TokenizerError) -> SentencePieceModel {
        let result = data.withUnsafeBytes { bytes in
            Result { () throws(ProtobufReader.Malformed) in try SentencePieceModel(bytes) }
        }
        switch result {
        case .success(let file) where file.pieces.isEmpty: throw missing("pieces")
        case .success(let file): return file
        case .failure(let error):
            throw bad("the file", "is not a SentencePiece model: a message breaks off at byte \(error.offset)")
        }
    }

    private func readVocabulary(
        _ file: SentencePieceModel, _ addedTokens: inout [AddedToken]
    ) throws(TokenizerError) -> Vocabulary {
        let count = max(file.pieces.count, Int(addedTokens.map(\.id).max() ?? -1) + 1)
        var builder = try VocabularyBuilder(path: path, count: count)
        for (id, piece) in file.pieces.enumerated() {
            try piece.text.withText { (text) throws(TokenizerError) in
                try builder.setNewPiece(TokenID(id), text.bytes, place: "pieces[\(id)]")
            }
        }
        for index in addedTokens.indices { try builder.add(&addedTokens[index], place: "the added tokens") }
        return builder.vocabulary
    }

    /// Pieces that are matched whole, and what the configuration adds.
    private func addedTokens(of file: SentencePieceModel) throws(TokenizerError) -> [AddedToken] {
        var tokens: [AddedToken] = []
        for (id, piece) in file.pieces.enumerated() {
            let text = String(decoding: piece.text, as: UTF8.self)
            switch piece.type {
            case .control, .unknown: tokens.append(AddedToken(id: TokenID(id), text: text, isSpecial: true))
            case .userDefined:
                var token = AddedToken(id: TokenID(id), text: text, isSpecial: false)
                token.isNormalized = true
                token.normalizedText = Array(text.replacing(" ", with: "\u{2581}").utf8)
                tokens.append(token)
            default: break
            }
        }
        let known = Set(tokens.map(\.id))
        let more = try configuration?.addedTokens() ?? []
        return tokens + more.filter { !known.contains($0.id) }
    }

    private func model(_ file: SentencePieceModel, _ vocabulary: Vocabulary) throws(TokenizerError) -> TokenModel {
        let types = file.pieces.map(\.type)
        let unknown = types.firstIndex(of: .unknown).map { TokenID($0) }
        let byteTokens = file.hasByteFallback ? ByteTokens(in: vocabulary) : nil
        func isNormal(_ id: TokenID) -> Bool { types.indices.contains(Int(id)) && types[Int(id)] == .normal }
        guard file.kind == .bpe else {
            let scores = file.pieces.map { Double($0.score) }
            return .unigram(
                UnigramModel(
                    vocabulary: vocabulary,
                    scores: scores + Array(repeating: 0, count: vocabulary.count - scores.count),
                    unknown: unknown, byteTokens: byteTokens, isSinglePrecision: true, isMatched: isNormal))
        }
        let ranks = MergeEnumeration.ranks(ofScores: file.pieces.map(\.score))
        let merges = MergeEnumeration.merges(of: vocabulary) { id, _ in isNormal(id) ? ranks[Int(id)] : nil }
        var model = BPEModel(vocabulary: vocabulary, merges: merges)
        model.unknown = unknown
        model.fusesUnknown = true
        model.byteTokens = byteTokens
        return .bpe(model)
    }

    private func specialTokens(
        _ file: SentencePieceModel, _ vocabulary: Vocabulary, _ addedTokens: [AddedToken]
    ) -> PipelineTokenizer.SpecialTokens {
        var special = PipelineTokenizer.SpecialTokens()
        func control(_ text: [UInt8]) -> TokenID? {
            vocabulary.piece(text).flatMap { id in
                file.pieces.indices.contains(Int(id)) && file.pieces[Int(id)].type == .control ? id : nil
            }
        }
        special.bos = configuration?.token("bos_token", vocabulary, addedTokens) ?? control(file.bosPiece)
        special.eos = configuration?.token("eos_token", vocabulary, addedTokens) ?? control(file.eosPiece)
        // The classes that put a BOS in front unless told otherwise.
        let addsByClass = ["LlamaTokenizer", "GemmaTokenizer"].contains(configuration?.className)
        if configuration?.flag("add_bos_token") ?? addsByClass, let bos = special.bos { special.before = [bos] }
        if configuration?.flag("add_eos_token") ?? false, let eos = special.eos { special.after = [eos] }
        return special
    }
}

extension TokenDecoder {
    /// Marks to spaces, bytes to text and, where a space was put in front, one off the front.
    static func sentencePiece(dropsFirstSpace: Bool) -> TokenDecoder {
        let steps: [TokenDecoder] = [
            .replace(.literal(SentencePieceNormalizer.space), by: [0x20]), .byteFallback, .fuse,
        ]
        return .sequence(dropsFirstSpace ? steps + [.strip(character: [0x20], start: 1, stop: 0)] : steps)
    }
}

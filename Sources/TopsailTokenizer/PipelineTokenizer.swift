import TopsailCore

/// A tokenizer put together of the steps that its file names: added tokens, normalizer, pre-tokenizer, model, decoder.
///
/// Immutable, so that any number of threads may use one at once.
public final class PipelineTokenizer: TextTokenizer {
    /// How text is read and written, apart from the model.
    package struct Pipeline: Sendable {
        package var normalizer = Normalizer.none
        package var preTokenizer = PreTokenizer([])
        package var decoder = TokenDecoder.joined

        package init() {}
    }

    /// The tokens with a part to play outside text.
    package struct SpecialTokens: Sendable, Hashable {
        package var bos: TokenID?
        package var eos: TokenID?
        /// What `addSpecial` puts before and after a text.
        package var before: [TokenID] = []
        package var after: [TokenID] = []

        package init() {}
    }

    private let model: TokenModel
    private let vocabulary: Vocabulary
    private let pipeline: Pipeline
    private let special: SpecialTokens
    private let addedTokens: [AddedToken]
    private let specialIDs: Set<TokenID>
    private let rawMatcher: AddedTokenMatcher
    private let normalizedMatcher: AddedTokenMatcher
    private let breaks: WordBreaks?
    /// Added tokens that are matched in normalised text are spelled like that too, as in the reference.
    private let normalizedSpellings: [TokenID: [UInt8]]

    /// - Parameters:
    ///   - model: Its vocabulary has all entries, `addedTokens` among them.
    ///   - addedTokens: What is matched whole in the text.
    package init(model: TokenModel, pipeline: Pipeline, addedTokens: [AddedToken], special: SpecialTokens) {
        self.model = model
        self.pipeline = pipeline
        self.special = special
        self.addedTokens = addedTokens
        vocabulary = model.vocabulary
        specialIDs = Set(addedTokens.filter(\.isSpecial).map(\.id))
        func normalized(_ token: AddedToken) -> [UInt8] {
            token.normalizedText ?? pipeline.normalizer.normalized(token.text)
        }
        rawMatcher = AddedTokenMatcher(addedTokens.filter { !$0.isNormalized })
        normalizedMatcher = AddedTokenMatcher(addedTokens.filter(\.isNormalized), key: normalized)
        normalizedSpellings = Dictionary(
            addedTokens.filter(\.isNormalized).map { ($0.id, normalized($0)) }, uniquingKeysWith: { $1 })
        breaks = if case .bpe(let model) = model, model.allowsWordBreaks { WordBreaks(of: vocabulary) } else { nil }
    }

    public var vocabularySize: Int { vocabulary.count }
    public var bos: TokenID? { special.bos }
    public var eos: TokenID? { special.eos }

    public func encode(_ text: String, addSpecial: Bool, parseSpecial: Bool) -> [TokenID] {
        encode(text, addSpecial: addSpecial, parseSpecial: parseSpecial, limit: .max)
    }

    public func encode(_ text: String, limit: Int) -> [TokenID] {
        encode(text, addSpecial: false, parseSpecial: false, limit: limit)
    }

    private func encode(_ text: String, addSpecial: Bool, parseSpecial: Bool, limit: Int) -> [TokenID] {
        var text = text
        return text.withUTF8 { utf8 in
            var output = PieceEncoder(
                model: model, spells: pipeline.preTokenizer.leavesSpelling, breaks: breaks, textBytes: utf8.count,
                limit: limit)
            if addSpecial { output.append(contentsOf: special.before) }
            rawMatcher.split(UTF8Text(UnsafeRawBufferPointer(utf8)), parseSpecial: parseSpecial) { segment in
                switch segment {
                case .token(let id): output.append(id)
                case .text(let stretch, let isFirst):
                    encode(stretch, isFirst: isFirst, parseSpecial: parseSpecial, into: &output)
                }
            }
            if addSpecial { output.append(contentsOf: special.after) }
            return output.tokens
        }
    }

    public func decode(_ ids: [TokenID]) -> String {
        let tokens = ids.filter { vocabulary.kind(of: $0) != .absent }.map(utf8Spelling)
        return String(decoding: pipeline.decoder.decoded(tokens).joined(), as: UTF8.self)
    }

    public func bytes(of id: TokenID) -> [UInt8] { pipeline.decoder.bytes(of: utf8Spelling(id)) }

    public func isSpecial(_ id: TokenID) -> Bool { specialIDs.contains(id) }

    public func addedToken(_ text: String) -> TokenID? {
        addedTokens.first { $0.text.utf8.elementsEqual(text.utf8) }?.id
    }

    /// The entry as the vocabulary spells it: `Ġworld` or `▁world` for ` world`, `<0x0A>` for a line feed.
    public func spelling(of id: TokenID) -> String { String(decoding: utf8Spelling(id), as: UTF8.self) }

    private func utf8Spelling(_ id: TokenID) -> [UInt8] {
        normalizedSpellings[id] ?? Array(vocabulary.spelling(of: id))
    }

    /// Encodes a stretch between the added tokens that are matched in the text as it stands.
    private func encode(_ stretch: UTF8Text, isFirst: Bool, parseSpecial: Bool, into output: inout PieceEncoder) {
        pipeline.normalizer.withNormalized(stretch) { normalized, keepsStart in
            normalizedMatcher.split(normalized, parseSpecial: parseSpecial) { segment in
                switch segment {
                case .token(let id): output.append(id)
                case .text(let plain, let isFirstPlain):
                    let isFirst = isFirst && keepsStart && isFirstPlain
                    pipeline.preTokenizer.forEachPiece(in: plain, isFirst: isFirst) { output.append(piece: $0) }
                }
            }
        }
    }
}

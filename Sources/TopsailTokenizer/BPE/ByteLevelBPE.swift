import TopsailCore

/// Byte-level byte-pair encoding: the tokenizer of GPT-2, GPT-NeoX, SmolLM, Llama 3, Qwen and their kin.
///
/// Immutable, so that any number of threads may use one at once.
public final class ByteLevelBPE: TextTokenizer {
    /// How text is read, apart from vocabulary and merges.
    package struct Pipeline: Sendable, Hashable {
        package var normalizer = Normalizer.none
        package var preTokenizer: PreTokenizer
        /// A pre-token that is an entry of the vocabulary is taken whole, whatever the merges would make of it.
        package var ignoresMerges = false

        package init(preTokenizer: PreTokenizer) {
            self.preTokenizer = preTokenizer
        }
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

    private let vocabulary: Vocabulary
    private let merges: MergeTable
    private let singleBytes: [TokenID]
    private let pipeline: Pipeline
    private let special: SpecialTokens
    private let addedTokens: [AddedToken]
    private let specialIDs: Set<TokenID>
    private let rawMatcher: AddedTokenMatcher
    private let normalizedMatcher: AddedTokenMatcher

    /// - Parameters:
    ///   - vocabulary: All entries, `addedTokens` among them as literals.
    ///   - merges: Pairs of ids of the vocabulary.
    ///   - addedTokens: What is matched whole in the text.
    package init(
        vocabulary: Vocabulary, merges: MergeTable, pipeline: Pipeline, addedTokens: [AddedToken],
        special: SpecialTokens
    ) {
        self.vocabulary = vocabulary
        self.merges = merges
        self.pipeline = pipeline
        self.special = special
        self.addedTokens = addedTokens
        singleBytes = vocabulary.singleBytePieces()
        specialIDs = Set(addedTokens.filter(\.isSpecial).map(\.id))
        rawMatcher = AddedTokenMatcher(addedTokens.filter { !$0.isNormalized })
        normalizedMatcher = AddedTokenMatcher(
            addedTokens.filter(\.isNormalized).map { token in
                var token = token
                token.text = String(decoding: pipeline.normalizer.normalized(token.text), as: UTF8.self)
                return token
            })
    }

    public var vocabularySize: Int { vocabulary.count }
    public var bos: TokenID? { special.bos }
    public var eos: TokenID? { special.eos }

    public func encode(_ text: String, addSpecial: Bool, parseSpecial: Bool) -> [TokenID] {
        var text = text
        return text.withUTF8 { utf8 in
            var output = TokenOutput(merges: merges, singleBytes: singleBytes, textBytes: utf8.count)
            if addSpecial { output.append(contentsOf: special.before) }
            rawMatcher.split(UTF8Text(UnsafeRawBufferPointer(utf8)), parseSpecial: parseSpecial) { segment in
                switch segment {
                case .token(let id): output.append(id)
                case .text(let stretch): encode(stretch, parseSpecial: parseSpecial, into: &output)
                }
            }
            if addSpecial { output.append(contentsOf: special.after) }
            return output.tokens
        }
    }

    public func decode(_ ids: [TokenID]) -> String {
        var bytes: [UInt8] = []
        for id in ids { bytes.append(contentsOf: vocabulary.bytes(of: id)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    public func bytes(of id: TokenID) -> [UInt8] { Array(vocabulary.bytes(of: id)) }

    public func isSpecial(_ id: TokenID) -> Bool { specialIDs.contains(id) }

    public func addedToken(_ text: String) -> TokenID? {
        addedTokens.first { $0.text.utf8.elementsEqual(text.utf8) }?.id
    }

    /// The entry as vocabularies spell it: `Ġworld` for ` world`, added tokens as they are.
    public func spelling(of id: TokenID) -> String {
        vocabulary.kind(of: id) == .piece ? ByteAlphabet.spelling(of: vocabulary.bytes(of: id)) : text(of: id)
    }

    /// Encodes a stretch between the added tokens that are matched in the text as it stands.
    private func encode(_ stretch: UTF8Text, parseSpecial: Bool, into output: inout TokenOutput) {
        pipeline.normalizer.withNormalized(stretch) { normalized in
            normalizedMatcher.split(normalized, parseSpecial: parseSpecial) { segment in
                switch segment {
                case .token(let id): output.append(id)
                case .text(let plain):
                    pipeline.preTokenizer.forEachPiece(in: plain) { piece in
                        if pipeline.ignoresMerges, let whole = vocabulary.piece(for: piece) {
                            output.append(whole)
                        } else {
                            output.append(merging: piece)
                        }
                    }
                }
            }
        }
    }
}

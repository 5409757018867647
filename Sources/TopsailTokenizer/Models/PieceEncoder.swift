import TopsailCore

/// How pre-tokens become tokens.
package enum TokenModel: Sendable {
    case bpe(BPEModel)
    case unigram(UnigramModel)

    package var vocabulary: Vocabulary {
        switch self {
        case .bpe(let model): model.vocabulary
        case .unigram(let model): model.vocabulary
        }
    }
}

/// The tokens of one text as they come, and the scratch that makes them; lives for one call of `encode`.
struct PieceEncoder {
    private(set) var tokens: [TokenID] = []
    private let model: TokenModel
    /// Whether the pieces still have to be spelled in the byte alphabet.
    private let spells: Bool
    private let breaks: WordBreaks?
    /// Pre-tokens that come after more tokens than this are left out.
    private let limit: Int
    private var cache: PieceCache
    private var merger: SymbolMerger?
    private var symbols: [TokenID] = []
    private var steps: [UnigramModel.Step] = []
    private var spelled: [UInt8] = []

    /// - Parameter textBytes: Length of the text, from which sizes are guessed.
    init(model: TokenModel, spells: Bool, breaks: WordBreaks?, textBytes: Int, limit: Int = .max) {
        self.model = model
        self.limit = limit
        self.spells = spells
        self.breaks = breaks
        cache = PieceCache(textBytes: textBytes)
        if case .bpe(let model) = model { merger = SymbolMerger(merges: model.merges) }
        tokens.reserveCapacity(textBytes / 4 + 8)
    }

    mutating func append(_ token: TokenID) { tokens.append(token) }

    mutating func append(contentsOf more: [TokenID]) { tokens.append(contentsOf: more) }

    /// Appends the tokens of a pre-token.
    mutating func append(piece: UTF8Text) {
        guard tokens.count <= limit else { return }
        guard let breaks else { return appendCached(piece) }
        breaks.forEachPart(of: piece) { appendCached($0) }
    }

    private mutating func appendCached(_ piece: UTF8Text) {
        guard let key = PieceCache.key(piece.bytes) else { return appendSpelled(piece) }
        if let known = cache.find(key) {
            for at in known { tokens.append(tokens[at]) }
            return
        }
        let start = tokens.count
        appendSpelled(piece)
        cache.insert(key, tokensAt: start..<tokens.count)
    }

    private mutating func appendSpelled(_ piece: UTF8Text) {
        guard spells else { return appendComputed(piece) }
        spelled.removeAll(keepingCapacity: true)
        ByteAlphabet.append(spelling: piece, to: &spelled)
        let text = spelled
        text.withText { appendComputed($0) }
        spelled = text
    }

    private mutating func appendComputed(_ piece: UTF8Text) {
        switch model {
        case .unigram(let model): model.append(piece, scratch: &steps, to: &tokens)
        case .bpe(let model):
            if model.ignoresMerges, let whole = model.vocabulary.piece(piece) { return tokens.append(whole) }
            symbols.removeAll(keepingCapacity: true)
            model.appendSymbols(of: piece, to: &symbols)
            merger?.append(symbols, to: &tokens)
        }
    }
}

/// The contents of a SentencePiece `tokenizer.model`.
///
/// Source: `sentencepiece_model.proto`.
struct SentencePieceModel {
    enum PieceType: Int { case normal = 1, unknown, control, userDefined, unused, byte }

    enum Kind: Int { case unigram = 1, bpe, word, char }

    struct Piece {
        var text: [UInt8] = []
        var score: Float = 0
        var type = PieceType.normal
    }

    private(set) var pieces: [Piece] = []
    private(set) var kind = Kind.unigram
    private(set) var normalizer = SentencePieceNormalizer()
    private(set) var characterMap: [UInt8] = []
    private(set) var hasByteFallback = false
    private(set) var bosPiece = Array("<s>".utf8)
    private(set) var eosPiece = Array("</s>".utf8)
    /// What is wrong with an entry, with its place.
    private(set) var problem: (place: String, text: String)?

    /// - Throws: `ProtobufReader.Malformed`.
    init(_ bytes: UnsafeRawBufferPointer) throws(ProtobufReader.Malformed) {
        var reader = ProtobufReader(bytes)
        while let (field, value) = try reader.next() {
            guard let message = value.bytes else { continue }
            switch field {
            case 1 where pieces.count <= Vocabulary.mostEntries: try readPiece(message)
            case 2: try readTrainer(message)
            case 3: try readNormalizer(message)
            default: break
            }
        }
    }

    private mutating func readPiece(_ message: UnsafeRawBufferPointer) throws(ProtobufReader.Malformed) {
        var piece = Piece()
        var reader = ProtobufReader(message)
        while let (field, value) = try reader.next() {
            switch field {
            case 1: piece.text = Array(value.bytes ?? UnsafeRawBufferPointer(start: nil, count: 0))
            case 2: piece.score = value.float ?? .nan
            case 3:
                guard let type = value.int.flatMap(PieceType.init) else {
                    problem = ("pieces[\(pieces.count)]", "is of a type that is not known")
                    continue
                }
                piece.type = type
            default: break
            }
        }
        if !piece.score.isFinite { problem = ("pieces[\(pieces.count)]", "has a score that is no number") }
        if piece.text.isEmpty || String(validating: piece.text, as: UTF8.self) == nil {
            problem = ("pieces[\(pieces.count)]", "is not text")
        }
        pieces.append(piece)
    }

    private mutating func readTrainer(_ message: UnsafeRawBufferPointer) throws(ProtobufReader.Malformed) {
        var reader = ProtobufReader(message)
        while let (field, value) = try reader.next() {
            switch field {
            case 3:
                guard let kind = value.int.flatMap(Kind.init) else {
                    problem = ("trainer_spec.model_type", "is not known")
                    continue
                }
                self.kind = kind
            case 24: normalizer.whitespaceIsSuffix = value.bool ?? false
            case 35: hasByteFallback = value.bool ?? false
            case 46: bosPiece = value.bytes.map { Array($0) } ?? bosPiece
            case 47: eosPiece = value.bytes.map { Array($0) } ?? eosPiece
            default: break
            }
        }
    }

    private mutating func readNormalizer(_ message: UnsafeRawBufferPointer) throws(ProtobufReader.Malformed) {
        var reader = ProtobufReader(message)
        while let (field, value) = try reader.next() {
            switch field {
            case 2: characterMap = value.bytes.map { Array($0) } ?? []
            case 3: normalizer.addsDummyPrefix = value.bool ?? true
            case 4: normalizer.removesExtraWhitespace = value.bool ?? true
            case 5: normalizer.escapesWhitespace = value.bool ?? true
            default: break
            }
        }
    }
}

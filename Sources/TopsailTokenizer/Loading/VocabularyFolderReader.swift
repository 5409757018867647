import Foundation
import TopsailCore

/// Reads the older form of a byte-level BPE: `vocab.json`, `merges.txt` and, where there are, `added_tokens.json` and
/// `tokenizer_config.json`.
///
/// The files do not say how text is split; `tokenizer_class` does. Without it they are GPT-2's, whose form this is.
struct VocabularyFolderReader: TokenizerFileReader {
    let folder: TokenizerFolder

    var path: String { folder.file("vocab.json") }

    func read() throws(TokenizerError) -> PipelineTokenizer {
        let configuration = try folder.configuration()
        let pipeline = try pipeline(configuration)
        guard let root = try folder.json("vocab.json"), let members = root.members else { throw missing("vocab.json") }
        var addedTokens = try readAddedTokens(configuration)
        var entries: [(id: TokenID, name: JSONNode)] = []
        for member in members { entries.append((try tokenID(member.value, place: "the vocabulary"), member.name)) }
        let highest = max(entries.map(\.id).max() ?? -1, addedTokens.map(\.id).max() ?? -1)
        var builder = try VocabularyBuilder(path: path, count: Int(highest) + 1)
        for entry in entries {
            _ = try entry.name.withStringBytes { (bytes) throws(TokenizerError) in
                try builder.setNewPiece(entry.id, bytes, place: "the vocabulary")
            }
        }
        addedTokens += namedTokens(configuration, addedTokens, builder.vocabulary)
        for index in addedTokens.indices { try builder.add(&addedTokens[index], place: "the added tokens") }
        let vocabulary = builder.vocabulary
        let model = BPEModel(vocabulary: vocabulary, merges: try readMerges(vocabulary))
        return PipelineTokenizer(
            model: .bpe(model), pipeline: pipeline, addedTokens: addedTokens,
            special: specialTokens(configuration, addedTokens, vocabulary))
    }

    private func pipeline(_ configuration: TokenizerConfiguration?) throws(TokenizerError) -> PipelineTokenizer.Pipeline
    {
        var pipeline = PipelineTokenizer.Pipeline()
        pipeline.decoder = .byteLevel
        let addsPrefixSpace = configuration?.flag("add_prefix_space") ?? false
        switch configuration?.className ?? "GPT2Tokenizer" {
        case "GPT2Tokenizer", "RobertaTokenizer", "BartTokenizer", "CodeGenTokenizer":
            pipeline.preTokenizer = PreTokenizer([.byteLevel(addsPrefixSpace: addsPrefixSpace, splits: true)])
        case "GPTNeoXTokenizer":
            pipeline.normalizer = .form(.nfc)
            pipeline.preTokenizer = PreTokenizer([.byteLevel(addsPrefixSpace: addsPrefixSpace, splits: true)])
        case "Qwen2Tokenizer":
            pipeline.normalizer = .form(.nfc)
            pipeline.preTokenizer = PreTokenizer([
                .split(Splitting(.wordsAndNumbers(digits: 1), .isolated)),
                .byteLevel(addsPrefixSpace: false, splits: false),
            ])
        case let name: throw unsupported("tokenizer_class", name)
        }
        return pipeline
    }

    private func readAddedTokens(_ configuration: TokenizerConfiguration?) throws(TokenizerError) -> [AddedToken] {
        var tokens = try configuration?.addedTokens() ?? []
        guard let members = try folder.json("added_tokens.json")?.members else { return tokens }
        for (name, value) in members {
            guard let text = name.string, !text.isEmpty,
                !tokens.contains(where: { $0.text.utf8.elementsEqual(text.utf8) })
            else { continue }
            let id = try tokenID(value, place: "added_tokens.json")
            var token = AddedToken(id: id, text: text, isSpecial: false)
            token.isNormalized = true
            tokens.append(token)
        }
        return tokens
    }

    /// The tokens that `tokenizer_config.json` gives a part, where they are entries; they are special.
    private func namedTokens(
        _ configuration: TokenizerConfiguration?, _ known: [AddedToken], _ vocabulary: Vocabulary
    ) -> [AddedToken] {
        var tokens: [AddedToken] = []
        let texts = ["bos_token", "eos_token", "unk_token", "pad_token"].map { configuration?.text($0) }
        // GPT-2's own end of text is special whether or not a file says so.
        for text in texts.compactMap(\.self) + ["<|endoftext|>"] {
            guard let id = vocabulary.piece(text.utf8),
                !(known + tokens).contains(where: { $0.text.utf8.elementsEqual(text.utf8) })
            else { continue }
            tokens.append(AddedToken(id: id, text: text, isSpecial: true))
        }
        return tokens
    }

    private func specialTokens(
        _ configuration: TokenizerConfiguration?, _ addedTokens: [AddedToken], _ vocabulary: Vocabulary
    ) -> PipelineTokenizer.SpecialTokens {
        var special = PipelineTokenizer.SpecialTokens()
        special.bos = configuration?.token("bos_token", vocabulary, addedTokens)
        special.eos = configuration?.token("eos_token", vocabulary, addedTokens)
        let endOfText = configuration == nil ? vocabulary.piece("<|endoftext|>".utf8) : nil
        special.eos = special.eos ?? endOfText
        switch configuration?.className {
        case "RobertaTokenizer", "BartTokenizer":
            special.before = [configuration?.token("cls_token", vocabulary, addedTokens) ?? special.bos].compactMap(
                \.self)
            special.after = [configuration?.token("sep_token", vocabulary, addedTokens) ?? special.eos].compactMap(
                \.self)
        default:
            if configuration?.flag("add_bos_token") ?? false, let bos = special.bos { special.before = [bos] }
        }
        return special
    }

    private func readMerges(_ vocabulary: Vocabulary) throws(TokenizerError) -> MergeTable {
        let path = folder.file("merges.txt")
        let data = try TokenizerFolder.contents(of: path)
        let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
        var builder = try MergeTableBuilder(path: path, vocabulary: vocabulary, mergeCount: lines.count)
        for (index, line) in lines.enumerated() where !line.starts(with: Array("#version".utf8)) {
            var line = [UInt8](line)
            if line.last == 0x0D { line.removeLast() }
            guard !line.isEmpty else { continue }
            try line.withText { (text) throws(TokenizerError) in
                try builder.add(line: text.bytes, place: "line \(index + 1)")
            }
        }
        return builder.merges
    }
}

import Foundation
import TopsailFiles

/// Builds tokenizers from model files.
///
/// Byte-pair encoding and unigram models are read, with the steps around them that published models have. What is not
/// known is refused by name, with its place in the file.
public enum TokenizerLoader {
    /// Builds the tokenizer described by a GGUF file's `tokenizer.ggml.*` settings.
    ///
    /// - Throws: `TokenizerError`.
    /// - Complexity: O(bytes of the vocabulary); about 20 ms for 50,000 entries and as many merges.
    public static func load(gguf: GGUFFile) throws(TokenizerError) -> any TextTokenizer {
        try GGUFTokenizerReader(path: gguf.path, metadata: gguf.metadata).read()
    }

    /// Builds the tokenizer described by a Hugging Face `tokenizer.json`.
    ///
    /// Which tokens are BOS and EOS is taken from the `tokenizer_config.json` beside it, where there is one.
    ///
    /// - Throws: `TokenizerError`.
    public static func load(tokenizerJSON path: String) throws(TokenizerError) -> any TextTokenizer {
        try load(tokenizerJSON: TokenizerFolder(besides: path), path: path)
    }

    /// Builds the tokenizer of a model folder.
    ///
    /// In this order, whichever is there: `tokenizer.json`; `tokenizer.model`, of SentencePiece or in tiktoken's form; a
    /// file in tiktoken's form under its own name; `vocab.json` with `merges.txt`.
    ///
    /// - Throws: `TokenizerError`.
    public static func load(folder path: String) throws(TokenizerError) -> any TextTokenizer {
        let folder = TokenizerFolder(path)
        switch folder.form {
        case .json: return try load(tokenizerJSON: folder, path: folder.file("tokenizer.json"))
        case .model(let name): return try load(model: folder.file(name))
        case .vocabularyAndMerges: return try VocabularyFolderReader(folder: folder).read()
        case nil: throw TokenizerError(path: path, reason: .noTokenizer)
        }
    }

    /// Whether `load(folder:)` finds a tokenizer in a folder, readable or not.
    public static func hasTokenizer(folder path: String) -> Bool { TokenizerFolder(path).form != nil }

    /// Builds the tokenizer of a `tokenizer.model`, by its content a SentencePiece model or tiktoken's ranks.
    ///
    /// - Throws: `TokenizerError`.
    public static func load(model path: String) throws(TokenizerError) -> any TextTokenizer {
        let data = try TokenizerFolder.contents(of: path)
        if TiktokenRanks.isLikely(data) { return try load(tiktoken: path) }
        let configuration = try TokenizerFolder(besides: path).configuration()
        return try SentencePieceReader(path: path, configuration: configuration).read(data)
    }

    /// Builds a tokenizer from tiktoken's ranks, lines of a token in base 64 and its rank.
    ///
    /// - Parameters:
    ///   - pattern: The expression that splits text; `nil` for a published encoding, known by its tokens.
    ///   - specialTokens: Names and ids; those of the published encoding, or of a `tokenizer_config.json` beside it, when
    ///     empty.
    /// - Throws: `TokenizerError`.
    public static func load(
        tiktoken path: String, pattern: String? = nil, specialTokens: [String: Int] = [:]
    ) throws(TokenizerError) -> any TextTokenizer {
        let configuration = try TokenizerFolder(besides: path).configuration()
        return try TiktokenReader(path: path, configuration: configuration).read(
            try TokenizerFolder.contents(of: path), pattern: pattern, specialTokens: specialTokens)
    }

    /// Builds a tokenizer from the contents of `tokenizer.json` and, where there is one, `tokenizer_config.json`.
    ///
    /// - Parameter path: Names the file in errors.
    /// - Throws: `TokenizerError`.
    package static func load(
        tokenizerJSON: Data, configuration: Data?, path: String
    ) throws(TokenizerError) -> PipelineTokenizer {
        let tokenizer = try TokenizerFolder.document(tokenizerJSON, path: path)
        var settings: TokenizerConfiguration?
        if let configuration {
            settings = TokenizerConfiguration(
                path: path, root: try TokenizerFolder.document(configuration, path: path).root)
        }
        return try TokenizerJSONReader(path: path, root: tokenizer.root, configuration: settings).read()
    }

    private static func load(
        tokenizerJSON folder: TokenizerFolder, path: String
    ) throws(TokenizerError) -> PipelineTokenizer {
        let tokenizer = try TokenizerFolder.document(try TokenizerFolder.contents(of: path), path: path)
        let configuration = try folder.configuration()
        return try TokenizerJSONReader(path: path, root: tokenizer.root, configuration: configuration).read()
    }
}

import Foundation
import TopsailFiles

/// Builds tokenizers from model files.
///
/// Byte-level BPE is read: the GPT-2, GPT-NeoX, SmolLM, Llama 3 and Qwen 2 families. Anything else is refused by name.
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
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        let configuration = folder.appendingPathComponent("tokenizer_config.json").path
        let isConfigured = FileManager.default.fileExists(atPath: configuration)
        return try load(
            tokenizerJSON: try contents(of: path), configuration: isConfigured ? try contents(of: configuration) : nil,
            path: path)
    }

    /// Builds a tokenizer from the contents of `tokenizer.json` and, where there is one, `tokenizer_config.json`.
    ///
    /// - Parameter path: Names the file in errors.
    /// - Throws: `TokenizerError`.
    package static func load(
        tokenizerJSON: Data, configuration: Data?, path: String
    ) throws(TokenizerError) -> ByteLevelBPE {
        let tokenizer = try document(tokenizerJSON, path: path)
        let configuration: JSONDocument? = if let configuration { try document(configuration, path: path) } else { nil }
        return try TokenizerJSONReader(path: path, root: tokenizer.root, configuration: configuration?.root).read()
    }

    private static func contents(of path: String) throws(TokenizerError) -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            let exists = FileManager.default.fileExists(atPath: path)
            throw TokenizerError(path: path, reason: .unreadable(exists ? "cannot be read" : "there is no such file"))
        }
    }

    private static func document(_ data: Data, path: String) throws(TokenizerError) -> JSONDocument {
        do {
            return try JSONDocument([UInt8](data))
        } catch {
            throw TokenizerError(path: path, reason: .notJSON(offset: error.offset, problem: error.problem))
        }
    }
}

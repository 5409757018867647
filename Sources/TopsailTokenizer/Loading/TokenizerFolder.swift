import Foundation

/// A folder with the files of a tokenizer.
struct TokenizerFolder {
    /// The forms that a folder may have a tokenizer in.
    enum Form {
        case json
        /// SentencePiece's or tiktoken's file of this name.
        case model(String)
        case vocabularyAndMerges
    }

    let path: String

    init(_ path: String) { self.path = path }

    /// The folder that a file lies in.
    init(besides file: String) { path = URL(fileURLWithPath: file).deletingLastPathComponent().path }

    func file(_ name: String) -> String { path + "/" + name }

    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

    /// The form of the tokenizer in this folder; of several, the one that says most.
    var form: Form? {
        if has("tokenizer.json") { return .json }
        if has("tokenizer.model") { return .model("tokenizer.model") }
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
        if let ranks = names.first(where: { $0.hasSuffix(".tiktoken") }) { return .model(ranks) }
        return has("vocab.json") && has("merges.txt") ? .vocabularyAndMerges : nil
    }

    /// The settings in `tokenizer_config.json`, where there is one.
    func configuration() throws(TokenizerError) -> TokenizerConfiguration? {
        guard let root = try json("tokenizer_config.json") else { return nil }
        return TokenizerConfiguration(path: file("tokenizer_config.json"), root: root)
    }

    /// The root of a JSON file, where there is one of that name.
    func json(_ name: String) throws(TokenizerError) -> JSONNode? {
        guard has(name) else { return nil }
        return try Self.document(try Self.contents(of: file(name)), path: file(name)).root
    }

    static func contents(of path: String) throws(TokenizerError) -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            let exists = FileManager.default.fileExists(atPath: path)
            throw TokenizerError(path: path, reason: .unreadable(exists ? "cannot be read" : "there is no such file"))
        }
    }

    static func document(_ data: Data, path: String) throws(TokenizerError) -> JSONDocument {
        do {
            return try JSONDocument([UInt8](data))
        } catch {
            throw TokenizerError(path: path, reason: .notJSON(offset: error.offset, problem: error.problem))
        }
    }
}

import Foundation
import TopsailCore
import TopsailFiles
import TopsailTokenizer

/// The tokens that end a text or a turn, from everything that files say about them.
enum EndTokens {
    /// Ends of turns that chat models are trained to write; GGUF files may name only the end of a text.
    private static let turnEnds = ["<|im_end|>", "<|eot_id|>", "<|end|>", "<end_of_turn>", "<|endoftext|>"]

    static func of(gguf: GGUFFile, _ tokenizer: any TextTokenizer) -> Set<TokenID> {
        var tokens = Set(turnEnds.compactMap { tokenizer.addedToken($0) })
        if let eos = tokenizer.eos { tokens.insert(eos) }
        for key in ["tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id"] {
            if let id = gguf.metadata.int(key), (0..<tokenizer.vocabularySize).contains(id) {
                tokens.insert(TokenID(id))
            }
        }
        return tokens
    }

    /// In a folder all that `generation_config.json`, `config.json` and the tokenizer name.
    static func of(folder: ModelFolder, _ tokenizer: any TextTokenizer) throws -> Set<TokenID> {
        var tokens = Set<TokenID>()
        if let eos = tokenizer.eos { tokens.insert(eos) }
        let generation = "\(folder.path)/generation_config.json"
        var sources = [folder.settings, folder.settings.object("text_config") ?? folder.settings]
        if FileManager.default.fileExists(atPath: generation) {
            sources.append(try HuggingFaceSettings(path: generation))
        }
        for source in sources {
            switch source.value("eos_token_id") {
            case .int(let id): tokens.insert(TokenID(clamping: id))
            case .numbers(let ids): tokens.formUnion(ids.compactMap { TokenID(exactly: $0) })
            default: break
            }
        }
        return tokens
    }
}

import TopsailCore
import TopsailTokenizer

/// Stands in where a model comes without a tokenizer: tokens are shown by their numbers, and no text can be read.
struct NumberedTokens: TextTokenizer {
    let vocabularySize: Int
    var bos: TokenID? { nil }
    var eos: TokenID? { nil }

    init(count: Int) { vocabularySize = count }

    func encode(_ text: String, addSpecial: Bool, parseSpecial: Bool) -> [TokenID] { [] }
    func decode(_ ids: [TokenID]) -> String { ids.map(text(of:)).joined() }
    func bytes(of id: TokenID) -> [UInt8] { Array(text(of: id).utf8) }
    func text(of id: TokenID) -> String { "<\(id)>" }
    func isSpecial(_ id: TokenID) -> Bool { false }
    func addedToken(_ text: String) -> TokenID? { nil }
}

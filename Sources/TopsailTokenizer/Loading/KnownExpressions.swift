/// The published expressions, and for those that are met most, splitters written out by hand.
enum KnownExpressions {
    static let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

    private static let words = #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+"#
    private static let symbolsAndSpace = #" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

    /// Llama 3, cl100k, OLMo 2.
    static let llama3 = words + #"|\p{N}{1,3}|"# + symbolsAndSpace
    static let qwen2 = words + #"|\p{N}|"# + symbolsAndSpace
    /// Qwen 3.5, where marks belong to words.
    static let qwen35 =
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*"#
        + #"|\s*[\r\n]+|\s+(?!\S)|\s+"#
    /// GPT-4o and Llama 4, where words end before a capital.
    static let o200k = casedWords(ending: #"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"#) + #"|\p{N}{1,3}|"# + symbolsAndSlash
    /// Mistral Nemo and its successors.
    static let tekken = casedWords(ending: "") + #"|\p{N}|"# + symbolsAndSlash
    /// The last step of DeepSeek V3; numbers and ideographs have been cut off before.
    static let deepSeek3 =
        ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"##
        + #"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    static let chineseAndKana = "[一-龥\u{3040}-ゟ゠-ヿ]+"
    static let bloom = #" ?[^(\s|.,!?…。，、।۔،)]+"#

    private static let symbolsAndSlash = #" ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

    private static func casedWords(ending: String) -> String {
        let start = #"[^\r\n\p{L}\p{N}]?"#
        let upper = #"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#
        let lower = #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#
        return start + upper + "*" + lower + "+" + ending + "|" + start + upper + "+" + lower + "*" + ending
    }

    /// The splitter that does what an expression says; expressions are known by their text.
    static func pattern(_ expression: String) -> Splitting.Pattern? {
        switch expression {
        case gpt2: .gpt2
        case llama3: .wordsAndNumbers(digits: 3)
        case qwen2: .wordsAndNumbers(digits: 1)
        default: nil
        }
    }
}

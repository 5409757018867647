/// A published set of ranks: what it is called, how it is known, how it splits text and which special tokens it has.
struct TiktokenEncoding {
    var name: String
    /// How many tokens the file lists.
    var count: Int
    var pattern: String
    var specialTokens: [String: Int]
    var normalizer = Normalizer.none
    var bos: String?
    var eos = "<|endoftext|>"
    var addsBOS = false

    static let known: [TiktokenEncoding] = [
        .init(
            name: "r50k_base", count: 50_256, pattern: KnownExpressions.gpt2, specialTokens: ["<|endoftext|>": 50_256]),
        .init(
            name: "p50k_base", count: 50_280, pattern: KnownExpressions.gpt2, specialTokens: ["<|endoftext|>": 50_256]),
        .init(
            name: "cl100k_base", count: 100_256, pattern: KnownExpressions.llama3,
            specialTokens: [
                "<|endoftext|>": 100_257, "<|fim_prefix|>": 100_258, "<|fim_middle|>": 100_259,
                "<|fim_suffix|>": 100_260, "<|endofprompt|>": 100_276,
            ]),
        .init(
            name: "o200k_base", count: 199_998, pattern: KnownExpressions.o200k,
            specialTokens: ["<|endoftext|>": 199_999, "<|endofprompt|>": 200_018]),
        .init(
            name: "llama3", count: 128_000, pattern: KnownExpressions.llama3,
            specialTokens: [
                "<|begin_of_text|>": 128_000, "<|end_of_text|>": 128_001, "<|start_header_id|>": 128_006,
                "<|end_header_id|>": 128_007, "<|eot_id|>": 128_009,
            ], bos: "<|begin_of_text|>", eos: "<|end_of_text|>", addsBOS: true),
        .init(
            name: "qwen", count: 151_643, pattern: KnownExpressions.qwen2,
            specialTokens: ["<|endoftext|>": 151_643, "<|im_start|>": 151_644, "<|im_end|>": 151_645],
            normalizer: .form(.nfc)),
    ]
}

import Testing
import TopsailCore
import TopsailModel
import TopsailTokenizer

@Suite("Chat conventions") struct ChatConventionTests {
    /// Has added tokens by name, and nothing else.
    private struct AddedTokens: TextTokenizer {
        let names: [String]

        var vocabularySize: Int { names.count }
        var bos: TokenID? { 0 }
        var eos: TokenID? { nil }
        func encode(_ text: String, addSpecial: Bool, parseSpecial: Bool) -> [TokenID] { [] }
        func decode(_ ids: [TokenID]) -> String { "" }
        func bytes(of id: TokenID) -> [UInt8] { Array(names[Int(id)].utf8) }
        func isSpecial(_ id: TokenID) -> Bool { true }
        func addedToken(_ text: String) -> TokenID? { names.firstIndex(of: text).map { TokenID($0) } }
    }

    private let messages = [
        ChatMessage(role: "system", content: "Be brief."), ChatMessage(role: "user", content: "Hi"),
        ChatMessage(role: "assistant", content: "Hello"), ChatMessage(role: "user", content: "Who are you?"),
    ]

    @Test(
        "turns are written as the family of the turn tokens writes them",
        arguments: [
            (
                "Gemma", ["<bos>", "<start_of_turn>", "<end_of_turn>"],
                """
                <bos><start_of_turn>user
                Be brief.

                Hi<end_of_turn>
                <start_of_turn>model
                Hello<end_of_turn>
                <start_of_turn>user
                Who are you?<end_of_turn>
                <start_of_turn>model

                """
            ),
            (
                "ChatML", ["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
                """
                <|im_start|>system
                Be brief.<|im_end|>
                <|im_start|>user
                Hi<|im_end|>
                <|im_start|>assistant
                Hello<|im_end|>
                <|im_start|>user
                Who are you?<|im_end|>
                <|im_start|>assistant

                """
            ),
            (
                "Llama 3", ["<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"],
                """
                <|begin_of_text|><|start_header_id|>system<|end_header_id|>

                Be brief.<|eot_id|><|start_header_id|>user<|end_header_id|>

                Hi<|eot_id|><|start_header_id|>assistant<|end_header_id|>

                Hello<|eot_id|><|start_header_id|>user<|end_header_id|>

                Who are you?<|eot_id|><|start_header_id|>assistant<|end_header_id|>


                """
            ),
        ])
    func turns(name: String, tokens: [String], expected: String) throws {
        let tokenizer = AddedTokens(names: tokens)
        let convention = try #require(ChatConvention.of(tokenizer))
        #expect(convention.name == name)
        #expect(try convention.template(tokenizer).render(messages, addGenerationPrompt: true) == expected)
    }

    @Test("a vocabulary with half of a family's turn tokens has no convention") func none() {
        #expect(ChatConvention.of(AddedTokens(names: ["<bos>", "<start_of_turn>"])) == nil)
        #expect(ChatConvention.of(AddedTokens(names: ["<s>", "<|start_header_id|>", "<|eot_id|>"])) == nil)
    }
}

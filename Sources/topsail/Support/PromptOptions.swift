import ArgumentParser
import TopsailCore
import TopsailEngine
import TopsailModel

/// The model that a command reads with.
struct ModelOptions: ParsableArguments {
    @Option(
        help: "A model of the workspace, a .gguf file or a Hugging Face folder (default: the workspace's model).",
        completion: .file())
    var model: String?
    @Option(help: "exact is fp32 arithmetic; fast multiplies integers where the CPU can.")
    var precision = Precision.exact

    func open(in workspace: Workspace) throws -> LanguageModel {
        try LanguageModel.open(path: try workspace.modelPath(model))
    }
}

extension Precision: ExpressibleByArgument {}

/// What the model is to read: ids, or a text.
struct PromptOptions: ParsableArguments {
    @Option(help: "Token ids: 1,2,3.") var ids: TokenList?
    @Option(help: "A file with token ids.", completion: .file()) var idsFile: String?
    @Option(parsing: .unconditional, help: "A text.") var text: String?
    @Flag(help: "Render the text as one user message through the model's chat template.") var chat = false
    @Flag(help: "Read special tokens that are spelled out in the text as such.") var parseSpecial = false

    func validate() throws {
        let given = [ids != nil, idsFile != nil, text != nil].filter { $0 }.count
        guard given == 1 else { throw ValidationError("give one of --text, --ids and --ids-file") }
        if chat || parseSpecial, text == nil { throw ValidationError("--chat and --parse-special need --text") }
    }

    /// The tokens to read. A plain text gets what the tokenizer itself puts around it, as when the model was trained.
    func tokens(for model: LanguageModel) throws -> [TokenID] {
        if text != nil { try model.requireTokenizer() }
        if chat, let convention = model.chatConvention { StandardError.line("note: \(convention.notice)") }
        let tokens =
            if let ids {
                ids.ids
            } else if let idsFile {
                try TokenList.read(idsFile).ids
            } else if chat {
                try model.encode(messages: [ChatMessage(role: "user", content: text ?? "")], addGenerationPrompt: true)
            } else {
                model.tokenizer.encode(text ?? "", addSpecial: true, parseSpecial: parseSpecial)
            }
        guard !tokens.isEmpty else { throw CommandFailure("there is nothing to read: the prompt has no tokens") }
        return tokens
    }
}

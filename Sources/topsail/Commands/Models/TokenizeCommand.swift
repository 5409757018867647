import ArgumentParser
import Foundation
import TopsailCore
import TopsailEngine
import TopsailModel
import TopsailTokenizer

/// `topsail tokenize`: text to tokens and back.
struct TokenizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenize", abstract: "Show the tokens of a text, or the text of tokens.",
        discussion: """
            Examples:
              topsail tokenize --text "Hello there" --json
              topsail tokenize --model tokenizer.json --lines --file texts.jsonl
              topsail tokenize --detokenize 504,3575,282
            Without --text and --file the text comes from standard input, as it is.
            """)

    @OptionGroup var common: CommonOptions
    @Option(
        help: "A model of the workspace, a .gguf file or a tokenizer.json (default: the workspace's model).",
        completion: .file())
    var model: String?
    @Option(parsing: .unconditional, help: "The text.") var text: String?
    @Option(help: "A file with the text, or with one JSON value a line.", completion: .file()) var file: String?
    @Flag(help: "Add what the tokenizer puts around a text, usually BOS or nothing.") var addSpecial = false
    @Flag(help: "Read special tokens that are spelled out in the text as such.") var parseSpecial = false
    @Flag(help: "Render the text as one user message through the model's chat template.") var chat = false
    @Flag(help: "Each line is a JSON text or an object with text (with --detokenize: an array of ids).")
    var lines = false
    @Option(
        defaultAsFlag: Detokenization.lines,
        help: "The ids whose text is wanted: 1,2,3; without ids they come from --file or standard input.")
    var detokenize: Detokenization?

    func validate() throws {
        if text != nil, file != nil { throw ValidationError("--text and --file exclude each other") }
        if lines, text != nil { throw ValidationError("--lines reads --file or standard input, not --text") }
        if chat, detokenize != nil { throw ValidationError("--chat and --detokenize exclude each other") }
        if text != nil, detokenize != nil { throw ValidationError("--text and --detokenize exclude each other") }
    }

    func run() async throws {
        let source = try TokenizerSource.open(model, in: common.place)
        if chat, let convention = try source.chatConvention() { StandardError.line("note: \(convention.notice)") }
        if let detokenize {
            try decode(detokenize, with: source.tokenizer)
        } else if lines {
            try InputText.forEachLine(of: file) { number, line in
                let place = "line \(number)"
                let text = try TextLine.decode(line, place: place).requireText(place: place)
                StandardOutput.line(document(try encode(text, with: source), source.tokenizer).line)
            }
        } else {
            let text = try text ?? file.map(InputText.file) ?? InputText.standardInput()
            show(try encode(text, with: source), source.tokenizer)
        }
    }

    private func encode(_ text: String, with source: TokenizerSource) throws -> [TokenID] {
        guard chat else {
            return source.tokenizer.encode(text, addSpecial: addSpecial, parseSpecial: parseSpecial)
        }
        let rendered = try source.requireChatTemplate()
            .render([ChatMessage(role: "user", content: text)], addGenerationPrompt: true)
        return source.tokenizer.encode(rendered, addSpecial: false, parseSpecial: true)
    }

    private func document(_ ids: [TokenID], _ tokenizer: any TextTokenizer) -> JSONText {
        .object(["ids": ids, "tokens": ids.map(tokenizer.text(of:))])
    }

    private func show(_ ids: [TokenID], _ tokenizer: any TextTokenizer) {
        if common.json { return StandardOutput.line(document(ids, tokenizer).line) }
        Columns.print(ids.map { ["\($0)", PrintableText.chip(tokenizer.text(of: $0))] }, rightAligned: [0])
    }

    private func decode(_ request: Detokenization, with tokenizer: any TextTokenizer) throws {
        if lines {
            guard case .lines = request else { throw ValidationError("with --lines the ids come from the lines") }
            try InputText.forEachLine(of: file) { number, line in
                guard let ids = try? JSONDecoder().decode([TokenID].self, from: line) else {
                    throw CommandFailure("line \(number) is not a JSON array of token ids")
                }
                StandardOutput.line(JSONText.object(["text": tokenizer.decode(ids)]).line)
            }
            return
        }
        let text = tokenizer.decode(try ids(request))
        if common.json { return StandardOutput.line(JSONText.object(["text": text]).line) }
        StandardOutput.line(PrintableText.printable(text, keepingNewlines: true))
    }

    private func ids(_ request: Detokenization) throws -> [TokenID] {
        switch request {
        case .ids(let list): return list.ids
        case .lines:
            if let file { return try TokenList.read(file).ids }
            guard let list = TokenList(argument: InputText.standardInput()) else {
                throw CommandFailure("standard input holds something else than token ids")
            }
            return list.ids
        }
    }
}

/// What is to be turned into text.
enum Detokenization: ExpressibleByArgument {
    case ids(TokenList)
    /// Ids that come from a file or standard input.
    case lines

    init?(argument: String) {
        guard let list = TokenList(argument: argument) else { return nil }
        self = .ids(list)
    }
}

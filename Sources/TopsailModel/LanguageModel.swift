import Foundation
import TopsailCore
import TopsailFiles
import TopsailTensor
import TopsailTokenizer

/// A language model opened from disk: its settings, weights by memory map, tokenizer and chat template.
///
/// Immutable and shared; reading with it needs a `ModelSession`.
public final class LanguageModel: Sendable {
    /// The file or folder it came from.
    public let path: String
    public let configuration: ModelConfiguration
    public let tokenizer: any TextTokenizer
    /// Whether there is a tokenizer; without one `tokenizer` shows ids as numbers and reads no text.
    public let hasTokenizer: Bool
    /// Tokens that end a text or a turn.
    public let endTokens: Set<TokenID>
    /// How messages are rendered: `nil` when the model brings no template, an error when it cannot be read.
    private let chatTemplateFound: Result<ChatTemplate, ChatTemplateError>?
    /// How turns are written when they are asked for, of a model that brings no template and has a family's turn tokens.
    public let chatConvention: ChatConvention?
    let weights: TransformerWeights
    let archive: any TensorArchive

    /// Opens a GGUF file or a Hugging Face folder.
    ///
    /// Weights are mapped, not read: the cost does not grow with the model's size.
    ///
    /// - Parameter path: A `.gguf` file, a folder with `config.json` and safetensors, or one of that folder's files.
    /// - Throws: `ModelError`, `FileFormatError` or the tokenizer's error, each naming the file and the place.
    public static func open(path: String) throws -> LanguageModel {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        if isFolder.boolValue { return try LanguageModel(folder: ModelFolder(path: path)) }
        let folder = (path as NSString).deletingLastPathComponent
        if exists, path.hasSuffix(".safetensors") || path.hasSuffix(".json"),
            FileManager.default.fileExists(atPath: "\(folder)/config.json")
        {
            return try LanguageModel(folder: ModelFolder(path: folder))
        }
        return try LanguageModel(gguf: GGUFFile(path: path))
    }

    private init(gguf: GGUFFile) throws {
        let settings = try GGUFSettings(gguf)
        let family = try ModelFamily.of(settings)
        var configuration = try family.readGGUF(settings)
        path = gguf.path
        archive = gguf
        weights = try TransformerWeights(
            WeightReader(gguf, names: family.ggufNames), &configuration, tiesEmbeddings: nil)
        self.configuration = configuration
        tokenizer = try TokenizerLoader.load(gguf: gguf)
        hasTokenizer = true
        chatTemplateFound = ChatTemplate.find { [tokenizer] () throws(ChatTemplateError) in
            ChatTemplateFile(gguf: gguf, tokenizer: tokenizer)
        }
        chatConvention = chatTemplateFound == nil ? ChatConvention.of(tokenizer) : nil
        endTokens = EndTokens.of(gguf: gguf, tokenizer)
        try WeightCheck(archive).checkSmall()
    }

    private init(folder: ModelFolder) throws {
        let family = try ModelFamily.of(folder.settings)
        var configuration = try family.readHuggingFace(folder.settings)
        path = folder.path
        archive = try folder.openWeights()
        weights = try TransformerWeights(
            WeightReader(archive, names: family.huggingFaceNames), &configuration,
            tiesEmbeddings: folder.settings.flag("tie_word_embeddings", default: family.tiesEmbeddings))
        self.configuration = configuration
        hasTokenizer = TokenizerLoader.hasTokenizer(folder: folder.path)
        tokenizer =
            hasTokenizer
            ? try TokenizerLoader.load(folder: folder.path) : NumberedTokens(count: configuration.vocabularySize)
        chatTemplateFound = ChatTemplate.find { () throws(ChatTemplateError) in
            try ChatTemplateFile(folder: folder.path)
        }
        chatConvention = chatTemplateFound == nil ? ChatConvention.of(tokenizer) : nil
        let turnEnd = chatConvention.flatMap { [tokenizer] in tokenizer.addedToken($0.endOfTurn) }
        endTokens = try EndTokens.of(folder: folder, tokenizer).union(turnEnd.map { [$0] } ?? [])
        try WeightCheck(archive).checkSmall()
    }

    /// Refuses a model that cannot read text.
    ///
    /// - Throws: `ModelError.noTokenizer`.
    public func requireTokenizer() throws {
        guard hasTokenizer else { throw ModelError.noTokenizer(path: path) }
    }

    /// How messages are rendered; `nil` when the model brings no template, or one that cannot be read.
    public var chatTemplate: ChatTemplate? { try? chatTemplateFound?.get() }

    /// The chat template, that of the convention where the model brings none, or the error that says why there is neither.
    ///
    /// - Throws: `ModelError.noChatTemplate`, or the `ChatTemplateError` that keeps the template from being read.
    public func requireChatTemplate() throws -> ChatTemplate {
        if let chatTemplateFound { return try chatTemplateFound.get() }
        guard let chatConvention else { throw ModelError.noChatTemplate(model: configuration.name) }
        return try chatConvention.template(tokenizer)
    }

    /// Ids of messages rendered by the chat template, special tokens parsed.
    public func encode(messages: [ChatMessage], addGenerationPrompt: Bool) throws -> [TokenID] {
        let text = try requireChatTemplate().render(messages, addGenerationPrompt: addGenerationPrompt)
        return tokenizer.encode(text, addSpecial: false, parseSpecial: true)
    }

    /// Checks a hook point against this model.
    ///
    /// - Throws: `ModelError.unknownHook` when the model has no such layer or site.
    public func checkHook(_ point: HookPoint) throws {
        guard configuration.width(of: point) != nil else {
            throw ModelError.unknownHook(point.description, layers: configuration.nLayers)
        }
    }

    /// The hook point that a person or a checkpoint means: `mlp_out.14`, TransformerLens' `blocks.14.hook_mlp_out`, or the name of a
    /// module in Hugging Face's model, `model.layers.14.mlp.down_proj`.
    ///
    /// - Throws: `ModelError.unknownHook` when the model has no such point.
    public func hookPoint(named name: String) throws -> HookPoint {
        let hasPostNorms = configuration.block.hasPostNorms
        guard let point = HookPoint(name) ?? HookPoint(huggingFace: name, hasPostNorms: hasPostNorms) else {
            throw ModelError.unknownHook(name, layers: configuration.nLayers)
        }
        try checkHook(point)
        return point
    }

    /// The final norm's weight, `[d_model]`, which belongs in front of the unembedding when directions are read as logits.
    public var finalNormWeight: [Float] { weights.finalNorm.weight }

    /// Maps directions in the residual stream to logits: `[count, d_model]` to `[count, vocab]`, no norm, bias or cap applied.
    public func unembed(_ directions: UnsafePointer<Float>, count: Int) -> FloatMatrix {
        let output = FloatMatrix(rows: count, columns: configuration.vocabularySize)
        Projection.apply(
            [Projection(weights.unembedding.weight, into: output.pointer)], x: directions, tokens: count,
            precision: .exact)
        return output
    }
}

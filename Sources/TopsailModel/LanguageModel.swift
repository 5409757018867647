import Foundation
import TopsailCore
import TopsailFiles
import TopsailTensor
import TopsailTokenizer

/// A language model opened from disk: its settings, weights by memory map, tokenizer and chat template.
///
/// Immutable and shared; reading with it needs a `ModelSession`.
public final class LanguageModel: Sendable {
    /// The file it came from.
    public let path: String
    public let configuration: ModelConfiguration
    public let tokenizer: any TextTokenizer
    /// How messages are rendered; `nil` when the file has none, or one of a kind that is not supported.
    public let chatTemplate: ChatTemplate?
    /// Whether the file brings a template, supported or not.
    public let bringsChatTemplate: Bool
    let weights: TransformerWeights

    /// Opens a GGUF file.
    ///
    /// Weights are mapped, not read: the cost does not grow with the model's size.
    ///
    /// - Throws: `ModelError`, `FileFormatError` or the tokenizer's error, each naming the file and the place.
    public static func open(path: String) throws -> LanguageModel {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            throw ModelError.notAModel(path: path)
        }
        return try LanguageModel(gguf: GGUFFile(path: path))
    }

    init(gguf: GGUFFile) throws {
        path = gguf.path
        configuration = try ModelConfiguration(gguf: gguf)
        weights = try TransformerWeights(gguf, configuration)
        tokenizer = try TokenizerLoader.load(gguf: gguf)
        let template = gguf.metadata.string("tokenizer.chat_template")
        bringsChatTemplate = template != nil
        chatTemplate = template.flatMap(ChatTemplate.init(recognising:))
    }

    /// The chat template, or the error that says why there is none.
    public func requireChatTemplate() throws -> ChatTemplate {
        if let chatTemplate { return chatTemplate }
        throw bringsChatTemplate
            ? ModelError.unsupportedChatTemplate(model: configuration.name)
            : ModelError.noChatTemplate(model: configuration.name)
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

    /// The final norm's weight, `[d_model]`, which belongs in front of the unembedding when directions are read as logits.
    public var finalNormWeight: [Float] { weights.finalNorm }

    /// Maps directions in the residual stream to logits: `[count, d_model]` to `[count, vocab]`, no norm applied.
    public func unembed(_ directions: UnsafePointer<Float>, count: Int) -> FloatMatrix {
        let output = FloatMatrix(rows: count, columns: configuration.vocabularySize)
        Projection.apply(
            [Projection(weights.unembedding, into: output.pointer)], x: directions, tokens: count,
            precision: .exact)
        return output
    }
}

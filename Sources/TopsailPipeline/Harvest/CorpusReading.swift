import TopsailAnalysis
import TopsailCore
import TopsailModel

/// A corpus document as a model reads it.
public struct CorpusReading: Sendable {
    /// Place in the corpus.
    public var number: Int
    public var topic: String
    public var text: ReadableText
    /// Kept for testing.
    public var isHeldOut: Bool
    public var scope = CountedTokens.ordinary
}

extension CorpusReading {
    /// Prepares texts the way people's prompts are read: answers inside the chat template after their prompt, other
    /// texts as they stand.
    ///
    /// - Throws: `ModelError` when there are answers and the model has no chat template.
    public static func read(
        _ texts: [CorpusText], with model: LanguageModel, split: HeldOutSplit = HeldOutSplit(),
        scope: CountedTokens = .ordinary
    ) throws -> [CorpusReading] {
        let reader = TextReader(model)
        return try texts.enumerated().map { number, text in
            let readable =
                switch (text.kind, text.prompt) {
                case (.instruction, let prompt?): try reader.chat(user: prompt, answer: text.text)
                default: reader.plain(text.text)
                }
            return CorpusReading(
                number: number, topic: text.topic, text: readable, isHeldOut: split.holdsOut(text),
                scope: scope)
        }
    }

    /// Counted tokens when it is read in contexts of a length.
    func countedTokens(contextLength: Int) -> Int {
        stride(from: 0, to: text.count, by: contextLength).reduce(0) { total, start in
            total + counted(in: start..<min(start + contextLength, text.count)).count
        }
    }

    /// Counted tokens of a context that covers `positions`: its first token is an attention sink, wherever it lies.
    func counted(in positions: Range<Int>) -> [Int] {
        scope == .all ? Array(positions) : positions.filter { text.isCounted[$0] && $0 != positions.lowerBound }
    }
}

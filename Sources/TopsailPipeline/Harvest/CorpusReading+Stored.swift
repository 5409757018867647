import TopsailAnalysis
import TopsailCatalog
import TopsailModel

extension CorpusReading {
    /// A document of the catalog. Where a chat template's words stand is not stored, so they count like any others.
    public init(stored document: CorpusDocument, with model: LanguageModel) {
        let text = ReadableText(
            tokens: document.tokens, origins: Array(repeating: .prompt, count: document.tokens.count),
            isSpecial: model.tokenizer.isSpecial)
        self.init(number: document.number, topic: document.topic ?? "", text: text, isHeldOut: false)
    }
}

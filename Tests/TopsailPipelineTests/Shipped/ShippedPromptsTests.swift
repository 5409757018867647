import Testing
import TopsailPipeline

@Suite("Prompts that the assessment is fitted to, as they are shipped") struct ShippedPromptsTests {
    @Test("each domain has prompts of harm, look-alikes and harmless questions, each concept one of harm")
    func counts() throws {
        let prompts = try ShippedTexts.prompts()
        for domain in try ShippedTexts.taxonomy().domains.map(\.id) {
            let own = prompts.filter { $0.domain == domain }
            #expect(own.count { $0.kind == .harmful } >= 20, "\(domain)")
            #expect(own.count { $0.kind == .lookalike } >= 20, "\(domain)")
            #expect(own.count { $0.kind == .sensitive } >= 10, "\(domain)")
        }
        let harmful = Set(prompts.filter { $0.kind == .harmful }.compactMap(\.concept))
        #expect(try harmful == ShippedTexts.concepts())
    }

    @Test("no id and no text stands twice, and the pipeline reads all of them")
    func distinct() throws {
        let prompts = try ShippedTexts.prompts()
        #expect(Set(prompts.map(\.id)).count == prompts.count)
        #expect(Set(prompts.map { WordSplitter.words(of: $0.text) }).count == prompts.count)
        let read = try LabelledPrompt.loadForFitting(path: ShippedTexts.promptsPath)
        #expect(read.map(\.text) == prompts.map(\.text))
        for prompt in read {
            #expect(prompt.concept.map { $0.hasPrefix((prompt.domain ?? "-") + ".") } ?? true, "\(prompt.id)")
        }
    }

    @Test("none is like a held-out prompt: no run of five words in common, and fewer than half of the words")
    func apartFromHeldOut() throws {
        let heldOut = try ShippedTexts.heldOut()
        let known = Set(heldOut.flatMap { ShippedTexts.runs($0.text) })
        let words = heldOut.map { Set(WordSplitter.words(of: $0.text)) }
        for prompt in try ShippedTexts.prompts() {
            #expect(!ShippedTexts.runs(prompt.text).contains { known.contains($0) }, "\(prompt.id)")
            let own = Set(WordSplitter.words(of: prompt.text))
            let nearest = words.map { Double($0.intersection(own).count) / Double($0.union(own).count) }.max() ?? 0
            #expect(nearest < 0.5, "\(prompt.id)")
        }
    }
}

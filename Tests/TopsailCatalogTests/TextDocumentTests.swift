import Testing
import TopsailCatalog
import TopsailCore

@Suite("Texts without a tokenizer") struct TextDocumentTests {
    private let words = TextDocument(topic: "ships", tokens: ["the", " quay", " at", "\u{1b}[31m", " the", "the"])

    @Test("contexts bring their own texts")
    func contexts() throws {
        let sample = try SampleCatalog()
        let ids = try sample.catalog.addTexts([words], toCorpus: "elsewhere")
        let context = NeuronContext(documentID: ids[0], start: 1, activations: [0, 2, 0, 1])
        try sample.catalog.updateDerived(sae: SampleCatalog.sae) { writer in
            try writer.add([DerivedNeuron(index: 3, contexts: [context])])
        }
        let read = try #require(try sample.reopened().neuron(.sample(3)).contexts.first)
        #expect(read.texts == [" quay", " at", "\u{1b}[31m", " the"])
        #expect(read.topic == "ships")
        #expect(read.corpus == "elsewhere")
    }

    @Test("equal texts are stored once, others apart, over several calls")
    func sharing() throws {
        let catalog = try Catalog.temporary()
        let other = TextDocument(tokens: ["the", " quay", "!"])
        let first = try catalog.addTexts([words, other, words], toCorpus: "a")
        #expect(first[0] == first[2])
        #expect(first[0] != first[1])
        #expect(try catalog.addTexts([other], toCorpus: "a") == [first[1]])
        #expect(try catalog.addTexts([other], toCorpus: "b") != [first[1]])
    }

    @Test("equal texts on different topics are apart, for they are different items")
    func topics() throws {
        let catalog = try Catalog.temporary()
        let items = ["ships", "boats", "ships"].map { TextDocument(topic: $0, tokens: ["0", " 1"]) }
        let ids = try catalog.addTexts(items, toCorpus: "a")
        #expect(ids[0] != ids[1] && ids[0] == ids[2])
    }

    @Test("a corpus in a model's tokens takes no texts")
    func mixed() throws {
        let sample = try SampleCatalog()
        try sample.addDocument()
        #expect(throws: CatalogError.self) { try sample.catalog.addTexts([words], toCorpus: SampleCatalog.corpus) }
    }
}

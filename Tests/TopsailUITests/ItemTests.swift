import TerminalKit
import Testing
import TopsailCatalog
import TopsailCore
import TopsailEngine
import TopsailUI

@Suite("Neurons of items, not of text") @MainActor struct ItemTests {
    struct Nothing: TokenTexts {
        func text(of id: TokenID) -> String { "token \(id)" }
    }

    /// Two neurons of a vision SAE; items have as many positions as the activations of `contexts`.
    private func library(_ contexts: [(label: String, activations: [Float])]) throws -> CatalogLibrary {
        let catalog = try Catalog.temporary()
        let positions = contexts[0].activations.count
        let record = SAERecord(
            name: "vision", model: nil, hook: nil, architecture: "topk", dIn: 16, dSAE: 2,
            collection: CollectionFacts(
                corpus: "pictures.npy", countedTokens: 3000, contextLength: positions, excludedTokens: ""))
        try catalog.replaceDerived(registering: record) { writer in
            let places = (0..<positions).map { $0 == 0 ? "0" : " \($0)" }
            let ids = try writer.addTexts(
                contexts.map { context in
                    positions == 1
                        ? TextDocument(tokens: [context.label]) : TextDocument(topic: context.label, tokens: places)
                }, toCorpus: "pictures.npy")
            try writer.add([
                DerivedNeuron(
                    index: 0, statistics: NeuronStatistics(density: 0.25, firedCount: 750, maxActivation: 7.5),
                    histogram: ActivationHistogram(lowest: 1, ratio: 2, counts: [5, 2, 1]),
                    contexts: zip(ids, contexts).map {
                        NeuronContext(documentID: $0, start: 0, activations: $1.activations)
                    },
                    explanations: [NeuronExplanation(source: "labels", text: "\"cat\"")])
            ])
        }
        return CatalogLibrary(catalog, texts: Nothing())
    }

    private func play(_ keys: String, _ library: CatalogLibrary, size: Size) async -> Frame {
        let reason = WorkspaceError.noLanguageModel(saes: ["vision"])
        let services = ExplorerServices(library: library, live: NoLanguageModel(reason), copy: { _ in "" })
        let state = ExplorerState(size: size, theme: Themes.dark)
        return await ExplorerReplay.run(keys: KeyChord.sequence(keys)!, state: state, services: services).frame
    }

    nonisolated static let sizes = [
        Size(width: 80, height: 24), Size(width: 120, height: 40), Size(width: 200, height: 60),
    ]

    @Test("Browse shows what the items are called, with their activations", arguments: sizes)
    func browse(_ size: Size) async throws {
        let library = try library([("tabby cat", [7.5]), ("siamese cat", [6]), ("grey owl", [1.5])])
        let text = await play("<Tab><Tab>", library, size: size).plainText
        for words in [
            "no language model", "7.5 tabby cat", "6.0 siamese cat", "1.5 grey owl", "of 3,000 items", "\"cat\"",
        ] {
            #expect(text.contains(words), "\(words) is not in\n\(text)")
        }
        for words in ["Logit", "logit", "token", "not counted"] { #expect(!text.contains(words), "\(words)\n\(text)") }
    }

    @Test("items of several positions have their name above", arguments: sizes)
    func positions(_ size: Size) async throws {
        let library = try library([("tabby cat", [0, 7.5, 0, 2]), ("grey owl", [1.5, 0, 0, 0])])
        let text = await play("<Tab><Tab>", library, size: size).plainText
        #expect(
            text.contains("7.5 tabby cat") && text.contains("0 1 2 3") && text.contains("of 3,000 positions"), "\(text)"
        )
    }

    @Test("Live says that there is no language model, and typing is no failure", arguments: sizes)
    func live(_ size: Size) async throws {
        let library = try library([("tabby cat", [7.5])])
        let frame = await play("2how do cats work<Enter>", library, size: size)
        let words = frame.plainText.split(whereSeparator: { $0.isWhitespace || "│┃".contains($0) }).joined(
            separator: " ")
        #expect(
            words.contains("vision has no language model, so there is no prompt to read; 1 goes back to Browse."),
            "\(words)")
        #expect(!words.contains("setup"))
    }
}

import Foundation
import Testing
import TopsailCore
import TopsailModel
import TopsailPipeline
import TopsailTestSupport

@Suite("Filling gaps") struct GapTests {
    @Test(
        "the logits of a few choices at a few places are those of the whole pass",
        .enabled(if: TinyModel.isThere, "needs the fixture gguf/llama-f32"))
    func choices() throws {
        let model = try TinyModel.open()
        let tokens = model.tokenizer.encode("The cat sat by the door and ran.", addSpecial: false, parseSpecial: false)
        let choices: [TokenID] = [3, 17, 5]
        let session = ModelSession(model, precision: .exact)
        // Held already, so that only what is needed is computed again.
        try session.read(Array(tokens.prefix(6)))
        let places = [2, 4, tokens.count - 1]
        let found = try session.choiceLogits(tokens, at: places, among: choices)
        let whole = ModelSession(model, precision: .exact)
        let logits = try whole.append([tokens[...]], slots: [0], logits: .all)
        for (place, values) in zip(places, found) {
            for (choice, value) in zip(choices, values) {
                #expect(abs(logits.row(place)[Int(choice)] - value) < 1e-4)
            }
        }
    }

    @Test(
        "a real model says in each gap what it knows, and every gap is counted",
        .enabled(if: TestModel.path != nil, "\(TestModel.reason)"))
    func realModel() throws {
        let path = try #require(TestModel.path)
        let model = try EmbeddedModel(LanguageModel.open(path: path), name: "m")
        let question = [ChatMessage(role: "user", content: "How many legs does it have? Answer with a number.")]
        let filled = try model.fill(
            [
                .text("A cat has "), .gap(shown: "4"), .text(" legs. A bird has "), .gap(shown: "2"),
                .text(" legs. One and one is "), .gap(shown: "2"),
            ], after: question, options: ["0", "2", "4", "9"])
        #expect(filled.count == 3)
        for probabilities in filled { #expect(abs(probabilities.reduce(0, +) - 1) < 1e-9) }
        #expect(filled[0].max() == filled[0][2])
        #expect(filled[2].max() == filled[2][1])
        #expect(model.cost.calls == 1 && model.cost.tokensSent > 40)
        #expect(!model.isOneToken("10") && model.isOneToken("9"))
    }
}

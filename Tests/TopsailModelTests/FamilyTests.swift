import Testing
import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailTestSupport

/// Small models of every family against transformers in fp32 on the same weights.
@Suite("Model families", .enabled(if: Fixtures.has("models/gpt2"), "needs the shared fixtures"))
struct FamilyTests {
    @Test("activations at every hook point and logits agree with the reference", arguments: ModelFixture.all)
    func activations(fixture: ModelFixture) throws {
        let model = try fixture.open()
        let expected = try fixture.expected()
        for prompt in ["p0", "p1"] {
            let points = Set(
                expected.tensors.compactMap { info in
                    info.name.hasPrefix("\(prompt).") ? HookPoint(String(info.name.dropFirst(3))) : nil
                })
            #expect(points.count > 5)
            var seen: Set<HookPoint> = []
            let hooks = HookSet(points) { activation in
                seen.insert(activation.point)
                let name = "\(prompt).\(activation.point)"
                fixture.expectNear(activation.values, try expected.floats(name), name)
            }
            let logits = try ModelSession(model, precision: .exact)
                .read(ModelFixture.ids(expected, prompt), hooks: hooks, logits: .all).takeLogits()
            #expect(seen == points)
            fixture.expectNear(logits.pointer, try expected.floats("\(prompt).logits"), "\(prompt).logits")
        }
    }

    @Test("token by token gives what a whole prompt gives", arguments: ModelFixture.all)
    func cache(fixture: ModelFixture) throws {
        let model = try fixture.open()
        let expected = try fixture.expected()
        let ids = try ModelFixture.ids(expected, "p1")
        let logits = try expected.floats("p1.logits")
        let session = ModelSession(model, precision: .exact)
        for (row, id) in ids.enumerated() {
            let values = try session.append([[id]], slots: [0], logits: .last, plannedLength: ids.count)
            let width = model.configuration.vocabularySize
            fixture.expectNear(values.pointer, Array(logits[row * width..<(row + 1) * width]), "row \(row)")
        }
    }

    @Test("greedy continuations are equal", arguments: ModelFixture.all)
    func greedy(fixture: ModelFixture) throws {
        let model = try fixture.open()
        let expected = try fixture.expected()
        let continuations = try #require(try fixture.description()["greedy"].array)
        for (index, continuation) in continuations.enumerated() {
            var sampler = Sampler(.greedy, seed: 0)
            let generated = try ModelSession(model, precision: .exact).generate(
                after: ModelFixture.ids(expected, "p\(index)"),
                limits: GenerationLimits(maxTokens: 12, stopsAtEnd: false), sampler: &sampler)
            #expect(generated.map(Int.init) == continuation.ints)
        }
    }

    @Test("text becomes the reference's ids", arguments: ModelFixture.all)
    func tokens(fixture: ModelFixture) throws {
        let model = try fixture.open()
        for prompt in try #require(try fixture.description()["prompts"].array) {
            guard let text = prompt["text"].string else { continue }
            let ids = model.tokenizer.encode(text, addSpecial: false, parseSpecial: true).map(Int.init)
            let expected = try #require(prompt["ids"].ints)
            #expect(ids == expected || [Int(model.tokenizer.bos ?? -1)] + ids == expected)
        }
    }
}

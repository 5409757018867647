import Foundation
import Testing
import TopsailCore
import TopsailModel
import TopsailTensor
import TopsailTestSupport

@Suite("Model session", .enabled(if: Fixtures.has("gguf/llama-f32"), "needs the shared fixtures"))
struct SessionTests {
    let model: LanguageModel
    let text: [TokenID] = (0..<40).map { TokenID(($0 * 37 + 11) % 300) }
    let point = HookPoint(.mlpOut, layer: 0)

    init() throws { model = try LanguageModel.open(path: Fixtures.path("gguf/llama-f32/model.gguf")) }

    @Test("a changed text costs the tokens after the common prefix, and gives what a fresh reading gives")
    func prefixReuse() throws {
        let session = ModelSession(model, precision: .exact)
        try session.read(text, logits: .last)
        var changed = text
        changed[25] = 7
        let again = try session.read(changed, logits: .last)
        #expect(again.firstComputed == 25)
        let fresh = try ModelSession(model, precision: .exact).read(changed, logits: .last)
        expectEqual(again.logits, fresh.logits)
    }

    @Test("a pass that stopped early is not mistaken for a whole one") func shallowThenDeep() throws {
        let session = ModelSession(model, precision: .exact)
        var rows = 0
        try session.read(text, hooks: HookSet([point]) { rows += $0.rows })
        #expect(rows == text.count)
        let deep = try session.read(text, logits: .last)
        #expect(deep.firstComputed == 0)
        let fresh = try ModelSession(model, precision: .exact).read(text, logits: .last)
        expectEqual(deep.logits, fresh.logits)
    }

    @Test("texts read side by side do not see each other") func slots() throws {
        let session = ModelSession(model, precision: .exact, slots: 3, maximumRows: 16)
        let runs = [text[0..<9], text[5..<40], text[20..<21]]
        let together = try session.append(runs, slots: [2, 0, 1], logits: .last)
        for (index, run) in runs.enumerated() {
            let alone = try ModelSession(model, precision: .exact).read(Array(run), logits: .last).takeLogits()
            #expect(zip(together.row(index), alone.row(0)).allSatisfy { abs($0 - $1) < 1e-4 })
        }
    }

    @Test("any number of threads gives the same bits", arguments: Precision.allCases)
    func threads(precision: Precision) throws {
        defer { Parallel.setThreads(0) }
        let results = try [1, 2, 3, 7].map { threads in
            Parallel.setThreads(threads)
            return try [1, 17, text.count].flatMap { count in
                let logits = try ModelSession(model, precision: precision).read(Array(text.prefix(count)), logits: .all)
                    .takeLogits()
                return (0..<logits.rows).flatMap { Array(logits.row($0)) }
            }
        }
        #expect(results.dropFirst().allSatisfy { $0 == results[0] })
    }

    @Test("a hook may change what the pass goes on with") func edits() throws {
        let session = ModelSession(model, precision: .exact)
        let plain = try session.read(text, logits: .last).takeLogits()
        let ablated = try ModelSession(model, precision: .exact).read(
            text,
            hooks: HookSet([point]) { $0.values.update(repeating: 0, count: $0.rows * $0.width) }, logits: .last
        ).takeLogits()
        #expect(zip(plain.row(0), ablated.row(0)).contains { abs($0 - $1) > 1e-3 })
    }

    @Test("a cancelled pass leaves what was there before") func cancellation() throws {
        let session = ModelSession(model, precision: .exact)
        try session.read(Array(text[..<10]), logits: .last)
        #expect(throws: CancellationError.self) { try session.read(text, logits: .last, isCancelled: { true }) }
        #expect(session.tokens().count <= 10)
        let fresh = try ModelSession(model, precision: .exact).read(text, logits: .last)
        expectEqual(try session.read(text, logits: .last).takeLogits(), fresh.logits)
    }

    @Test("tokens outside the vocabulary and texts that do not fit are refused") func refusals() throws {
        let session = ModelSession(model, precision: .exact, capacity: 8)
        #expect(throws: ModelError.tokenOutOfRange(token: 1 << 20, vocabulary: model.configuration.vocabularySize)) {
            try session.read([1, 1 << 20])
        }
        #expect(throws: ModelError.contextTooLong(tokens: 40, limit: 8)) { try session.read(text) }
        try session.read(Array(text[..<8]), logits: .last)
    }

    @Test("a fork goes on from what it was made of and leaves it alone") func forks() throws {
        let session = ModelSession(model, precision: .exact, slots: 3)
        _ = try session.append([text[..<20]], slots: [0])
        session.fork(slot: 0, into: 1)
        session.fork(slot: 0, into: 2, length: 12)
        #expect(session.tokens(slot: 2) == Array(text[..<12]))
        let runs = [text[20..<30], text[20..<25], text[12..<40]]
        let together = try session.append(runs, slots: [0, 1, 2], logits: .last)
        for (index, end) in [30, 25, 40].enumerated() {
            let alone = try ModelSession(model, precision: .exact).read(Array(text[..<end]), logits: .last)
                .takeLogits()
            #expect(zip(together.row(index), alone.row(0)).allSatisfy { abs($0 - $1) < 1e-4 })
        }
    }

    @Test("a stop string is found however tokens cut it, and cut off with what follows") func stopStrings() throws {
        let spoken = "Features fire on words like 'river'; they don't."
        let ids = model.tokenizer.encode(spoken, addSpecial: false, parseSpecial: false)
        for stop in ["words", "'riv", "e on w", "; they", "Features"] {
            var watch = StopStrings(["not there", stop], tokenizer: model.tokenizer)
            let end = try #require(ids.firstIndex { watch.isReached(by: $0) })
            let before = model.tokenizer.decode(Array(ids[..<end]))
            #expect(!before.contains(stop) && model.tokenizer.decode(Array(ids[...end])).contains(stop))
            #expect(watch.cut(spoken) == spoken.components(separatedBy: stop)[0])
        }
    }

    @Test("generation ends where the text of its tokens holds a stop string") func generationStops() throws {
        var sampler = Sampler(.greedy, seed: 0)
        let free = try ModelSession(model, precision: .exact).generate(
            after: text, limits: GenerationLimits(maxTokens: 12, stopsAtEnd: false), sampler: &sampler)
        let spelled = free.map(model.tokenizer.text(of:))
        let stop = try #require(spelled.first { !$0.contains("\u{FFFD}") && !$0.isEmpty })
        let limits = GenerationLimits(maxTokens: 12, stopsAtEnd: false, stopStrings: [stop])
        let stopped = try ModelSession(model, precision: .exact).generate(
            after: text, limits: limits, sampler: &sampler)
        let end = try #require(spelled.firstIndex { $0.contains(stop) })
        #expect(stopped == Array(free[...end]))
    }

    @Test("log probabilities are those of the logits, whatever the penalty") func logProbabilities() throws {
        let logits = try ModelSession(model, precision: .exact).read(text, logits: .last).takeLogits().elements()
        let total = log(logits.reduce(0) { $0 + exp(Double($1)) })
        var sampler = Sampler(SamplingOptions(repetitionPenalty: 1.3), seed: 0)
        try ModelSession(model, precision: .exact).generate(
            after: text, limits: GenerationLimits(maxTokens: 1), sampler: &sampler,
            onToken: { token in
                #expect(abs(Double(token.logProbability) - (Double(logits[Int(token.id)]) - total)) < 1e-4)
                return true
            })
    }

    @Test("sampling side by side gives what sampling alone gives") func batch() throws {
        let options = SamplingOptions(temperature: 1, topP: 0.9)
        let jobs = (0..<7).map { index in
            BatchGenerator.Job(
                id: index, prompt: Array(text[index..<index + 3]), maxTokens: 10, options: options, seed: UInt64(index))
        }
        func results(width: Int) throws -> [Int: [TokenID]] {
            var waiting = jobs[...]
            var results: [Int: [TokenID]] = [:]
            try BatchGenerator(model, precision: .exact, width: width, capacity: 32).run(next: { waiting.popFirst() }) {
                results[$0.id] = $1
            }
            return results
        }
        let together = try results(width: 3)
        #expect(together.count == jobs.count)
        #expect(try together == results(width: 1))
    }

    private func expectEqual(_ a: borrowing FloatMatrix, _ b: borrowing FloatMatrix) {
        // The same sums in another grouping.
        #expect(zip(a.elements(), b.elements()).allSatisfy { abs($0 - $1) < 1e-4 })
    }
}

@Suite("Sampler") struct SamplerTests {
    @Test("greedy takes the first maximum") func greedy() {
        var logits: [Float] = [0, 2, 2, 1]
        var sampler = Sampler(.greedy, seed: 0)
        #expect(logits.withUnsafeMutableBufferPointer { sampler.next($0) } == 1)
    }

    @Test("frequencies follow the softmax") func frequencies() {
        let logits: [Float] = [0, 1, 2, -40]
        var sampler = Sampler(SamplingOptions(temperature: 1), seed: 3)
        var counts = [0, 0, 0, 0]
        for _ in 0..<20_000 {
            var copy = logits
            counts[Int(copy.withUnsafeMutableBufferPointer { sampler.next($0) })] += 1
        }
        let total = logits.reduce(0) { $0 + exp($1) }
        for (count, logit) in zip(counts, logits) { #expect(abs(Float(count) / 20_000 - exp(logit) / total) < 0.015) }
    }

    @Test("top-k and top-p leave out the rest") func cuts() {
        let logits: [Float] = (0..<1000).map { $0 == 17 ? 5 : ($0 == 23 ? 4 : Float($0 % 7) * 0.1) }
        for options in [SamplingOptions(temperature: 1, topK: 2), SamplingOptions(temperature: 0.5, topP: 0.5)] {
            var sampler = Sampler(options, seed: 1)
            for _ in 0..<200 {
                var copy = logits
                #expect([17, 23].contains(copy.withUnsafeMutableBufferPointer { sampler.next($0) }))
            }
        }
    }

    @Test("a repetition penalty lowers tokens seen before, whatever their sign") func penalty() {
        var logits: [Float] = [2, 1.5, -1, -1.2]
        var sampler = Sampler(SamplingOptions(repetitionPenalty: 2), seed: 0)
        #expect(logits.withUnsafeMutableBufferPointer { sampler.next($0, history: [0, 2]) } == 1)
        #expect(logits == [2, 1.5, -1, -1.2], "the logits themselves stay as they are")
    }
}

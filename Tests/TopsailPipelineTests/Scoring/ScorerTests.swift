import Testing
import TopsailPipeline

@Suite("Scorers") struct ScorerTests {
    /// Four contexts in which the neuron fires on one or two tokens and four in which it is silent.
    private static let test = NeuronTest(
        contexts: (0..<8).map { index in
            var activations = [Float](repeating: 0, count: 24)
            if index < 4 { activations[5 + index] = Float(index + 1) }
            if index == 0 { activations[20] = 2 }
            return TestContext(
                kind: index < 4 ? .top : .silent, document: index, start: 0, tokens: Array(repeating: 1, count: 24),
                texts: (0..<24).map { $0 % 8 == 7 ? " end." : " word" }, activations: activations)
        }, maximum: 4)

    /// Plays the neuron rightly.
    private static func exact() -> FixedSimulator { FixedSimulator { $0.contains { $0 > 0 } ? 1 : 0 } }

    @Test("who guesses rightly gets 1 from everyone", arguments: [Scorer.segment, .detection, .fuzzing])
    func right(scorer: Scorer) throws {
        let score = try #require(try Scored.by(Self.exact(), test: Self.test, scorer: scorer).score)
        #expect(score.value == 1)
        #expect(score.low == 1 && score.high == 1)
        #expect(score.scorer == "\(scorer.rawValue):fixed")
        #expect(score.details?.contains("test set t") == true)
    }

    @Test("simulation compares strengths by token")
    func simulation() throws {
        let exact = FixedSimulator { Double($0[0]) * 2.5 }
        let score = try #require(try Scored.by(exact, test: Self.test, scorer: .simulation).score)
        #expect(abs(score.value - 1) < 1e-9)
        #expect(score.samples == 8 * 24)
        #expect(score.details?.contains("explained variance 1.000") == true)
        // One that only knows where, not how strongly.
        let rough = try #require(try Scored.by(Self.exact(), test: Self.test, scorer: .simulation).score)
        #expect(rough.value > 0.8 && rough.value < 1)
    }

    @Test("the truth of a segment is whether the neuron fires in it")
    func segments() throws {
        let tasks = Scorer.segment.tasks(Self.test)
        #expect(
            tasks.map(\.truth)
                == [[1, 0, 1], [1, 0, 0], [1, 0, 0], [0, 1, 0]] + Array(repeating: [0, 0, 0], count: 4))
        let score = try #require(try Scored.by(Self.exact(), test: Self.test, scorer: .segment).score)
        #expect(score.samples == 24)
        #expect(score.details?.contains("TP 5, FP 0, TN 19, FN 0") == true)
    }

    @Test("fuzzing marks as many wrong tokens as right ones, in the same contexts")
    func fuzzing() {
        let tasks = Scorer.fuzzing.tasks(Self.test)
        #expect(tasks.count == 8)
        for document in 0..<4 {
            let own = tasks.filter { $0.passage.context.document == document }
            #expect(Set(own.map(\.truth)) == [[1], [0]])
            #expect(Set(own.map(\.passage.marks.count)).count == 1)
            for task in own {
                let active = task.passage.marks.filter { task.passage.context.activations[$0] > 0 }
                #expect(active.count == (task.truth == [1] ? task.passage.marks.count : 0))
            }
        }
    }

    @Test("segments are asked about in fewer questions than tokens")
    func cost() throws {
        let simulator = Self.exact()
        _ = try Scored.by(simulator, test: Self.test, scorer: .simulation)
        #expect(simulator.cost.calls == 8)
        _ = try Scored.by(simulator, test: Self.test, scorer: .segment)
        #expect(simulator.cost.calls == 10)
    }
}

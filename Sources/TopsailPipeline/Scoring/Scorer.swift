/// A way to judge an explanation by what a simulator makes of it.
public enum Scorer: String, Sendable, Hashable, CaseIterable, Codable {
    /// Correlation of simulated and real activation over all tokens.
    case simulation
    /// Safe-SAIL's segment-level simulation: correlation over segments, 0 or 1 each.
    case segment
    /// Balanced accuracy at telling contexts in which the neuron fires from others.
    case detection
    /// Balanced accuracy at telling marks on the right tokens from marks on others.
    case fuzzing

    var grain: SimulationGrain {
        switch self {
        case .simulation: .tokens
        case .segment: .segments
        case .detection: .texts
        case .fuzzing: .marks
        }
    }

    /// What is asked of a simulator: each passage with what is true of its parts.
    package func tasks(_ test: NeuronTest) -> [ScoringTask] {
        switch self {
        case .simulation: test.contexts.map { Self.simulation($0, test.maximum) }
        case .segment: test.contexts.map(Self.segment)
        case .detection: Self.mixed(test.contexts.map(Self.detection))
        case .fuzzing: Self.mixed(test.contexts.filter(\.isActive).flatMap(Self.fuzzing))
        }
    }

    private static func simulation(_ context: TestContext, _ maximum: Float) -> ScoringTask {
        ScoringTask(
            passage: Passage(context, parts: context.tokens.indices.map { $0..<$0 + 1 }),
            truth: context.activations.map { 10 * Double($0) / Double(maximum) })
    }

    private static func segment(_ context: TestContext) -> ScoringTask {
        let parts = TextSegments.cut(context.texts)
        return ScoringTask(
            passage: Passage(context, parts: parts),
            truth: parts.map { part in context.activations[part].contains { $0 > 0 } ? 1 : 0 })
    }

    private static func detection(_ context: TestContext) -> ScoringTask {
        ScoringTask(
            passage: Passage(context, parts: [context.tokens.indices]), truth: [context.isActive ? 1 : 0])
    }

    /// A context twice: its active tokens marked, and as many of the others.
    private static func fuzzing(_ context: TestContext) -> [ScoringTask] {
        let active = context.activations.indices.filter { context.activations[$0] > 0 }
        let silent = context.activations.indices.filter { context.activations[$0] <= 0 }
        guard silent.count >= active.count else { return [] }
        let order = silent.sorted {
            StableHash.combine(UInt64(context.document), UInt64($0))
                < StableHash.combine(UInt64(context.document), UInt64($1))
        }
        return [(Set(active), 1.0), (Set(order.prefix(active.count)), 0.0)].map { marks, truth in
            ScoringTask(passage: Passage(context, parts: [context.tokens.indices], marks: marks), truth: [truth])
        }
    }

    /// In an order that tells nothing of the truth.
    private static func mixed(_ tasks: [ScoringTask]) -> [ScoringTask] {
        func hash(_ task: ScoringTask) -> UInt64 {
            let place = StableHash.combine(UInt64(task.passage.context.document), UInt64(task.passage.context.start))
            return StableHash.combine(place, UInt64(task.passage.marks.reduce(0, +)))
        }
        return tasks.sorted { hash($0) < hash($1) }
    }

    /// The score of what was guessed; `nil` where it is undefined.
    func value(_ contexts: [ContextGuess]) -> Double? {
        switch self {
        case .simulation, .segment: Agreement.correlation(contexts)
        case .detection, .fuzzing: Confusion(contexts).balancedAccuracy
        }
    }
}

/// A passage, and what is true of its parts.
package struct ScoringTask: Sendable, Hashable {
    package var passage: Passage
    package var truth: [Double]
}

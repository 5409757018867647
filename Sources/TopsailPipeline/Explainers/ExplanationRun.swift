import TopsailCatalog
import TopsailCore

/// Explains neurons one by one and writes what comes of it to the catalog, a few at a time. A person's words are stored
/// apart and stay.
public struct ExplanationRun {
    public var explainer: any NeuronExplainer
    /// Explains again what has an explanation of this source.
    public var again = false
    /// Seconds after which what is new is written.
    public var writePause = 20.0

    public init(_ explainer: any NeuronExplainer) { self.explainer = explainer }

    public struct Outcome: Sendable {
        public struct Explained: Sendable {
            public var id: NeuronID
            public var explanation: NeuronExplanation
        }

        public struct Failure: Sendable {
            public var id: NeuronID
            public var why: String
        }

        public var explained: [Explained] = []
        /// Neurons that had an explanation of this source.
        public var skipped = 0
        public var failures: [Failure] = []
        /// What ended the run before its end; what was done until then is written.
        public var interruption: (any Error)?
    }

    /// Neurons that there is something to do for, in their order.
    public func open(_ neurons: [NeuronDetail]) -> [NeuronDetail] {
        again
            ? neurons : neurons.filter { neuron in !neuron.explanations.contains { $0.source == explainer.source } }
    }

    /// - Parameters:
    ///   - evidence: What is known of a neuron.
    ///   - progress: Called with the neurons done and all of them.
    /// - Throws: What the catalog throws.
    public func run(
        _ neurons: [NeuronDetail], into catalog: Catalog, evidence: (NeuronDetail) throws -> NeuronEvidence,
        isCancelled: () -> Bool = { false }, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> Outcome {
        var outcome = Outcome()
        let open = open(neurons)
        outcome.skipped = neurons.count - open.count
        var pending = PendingExplanations(catalog, pause: writePause)
        for (done, neuron) in open.enumerated() {
            progress(done, open.count)
            do {
                if isCancelled() { throw CancellationError() }
                guard let explanation = try explainer.explain(try evidence(neuron)) else {
                    outcome.failures.append(.init(id: neuron.id, why: "it has no contexts to explain it by"))
                    continue
                }
                pending.add(explanation, to: neuron)
                outcome.explained.append(.init(id: neuron.id, explanation: explanation))
            } catch AskingError.unreadableAnswer(let why) {
                outcome.failures.append(.init(id: neuron.id, why: why))
            } catch {
                outcome.interruption = error
                break
            }
            try pending.writeIfDue()
        }
        try pending.write()
        return outcome
    }
}

/// Explanations that are not written yet: writing brings a whole SAE's neurons up to date, so it is done now and then.
private struct PendingExplanations {
    private let catalog: Catalog
    private let pause: Double
    private var bySAE: [String: [Int: NeuronExplanation]] = [:]
    private var lastWritten = ContinuousClock.now

    init(_ catalog: Catalog, pause: Double) {
        self.catalog = catalog
        self.pause = pause
    }

    mutating func add(_ explanation: NeuronExplanation, to neuron: NeuronDetail) {
        bySAE[neuron.sae.name, default: [:]][neuron.row.index] = explanation
    }

    mutating func writeIfDue() throws {
        if ContinuousClock.now - lastWritten > .seconds(pause) { try write() }
    }

    mutating func write() throws {
        for (sae, explanations) in bySAE {
            try catalog.updateDerived(sae: sae) { try $0.addExplanations(explanations) }
        }
        bySAE = [:]
        lastWritten = .now
    }
}

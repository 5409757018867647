import Foundation
import TopsailAnalysis
import TopsailCatalog
import TopsailCore
import TopsailFiles
import TopsailPipeline
import TopsailSAE

extension ExperimentSession: ContrastService {
    // Files are read beside a run that goes on, so these do not wait for the session.
    public nonisolated func pairs() async throws -> [PromptPair] {
        var pairs: [PromptPair] = []
        if let shipped = BundledData.locate()?.pairsPath, FileManager.default.fileExists(atPath: shipped) {
            pairs = try ContrastPair.load(path: shipped).map { PromptPair($0) }
        }
        let own = sources.workspace.pairsPath
        if FileManager.default.fileExists(atPath: own) {
            pairs += try ContrastPair.load(path: own).map { PromptPair($0, isOwn: true) }
        }
        return pairs
    }

    public nonisolated func pairs(at path: String) async throws -> [PromptPair] {
        try ContrastPair.load(path: (path as NSString).expandingTildeInPath).map { PromptPair($0) }
    }

    public nonisolated func keep(_ own: [PromptPair]) async throws {
        let path = sources.workspace.pairsPath
        if own.isEmpty {
            if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
            return
        }
        try AtomicFile.write(
            try ContrastPair.lines(
                own.map { ContrastPair(concept: $0.concept, present: $0.present, absent: $0.absent) }), to: path)
    }

    public nonisolated func contrast(_ pairs: [PromptPair]) -> AsyncThrowingStream<ContrastEvent, any Error> {
        AsyncThrowingStream { events in
            let work = Task {
                do {
                    try await self.contrast(pairs, into: events)
                    events.finish()
                } catch {
                    events.finish(throwing: error)
                }
            }
            events.onTermination = { _ in work.cancel() }
        }
    }

    private func contrast(
        _ pairs: [PromptPair], into events: AsyncThrowingStream<ContrastEvent, any Error>.Continuation
    ) async throws {
        var seen: Set<String> = []
        let concepts = pairs.map(\.concept).filter { seen.insert($0).inserted }
        let total = 2 * pairs.count
        events.yield(.progress(concept: concepts.first ?? "", texts: 0, of: total))
        let saes = try contrastedSAEs()
        let run = try ContrastRun(model: model(), saes: saes, precision: sources.precision)
        let normalisers = try self.normalisers(of: saes)
        var read = 0
        for concept in concepts {
            try Task.checkCancellation()
            let chosen = pairs.filter { $0.concept == concept }
                .map { ContrastPair(concept: concept, present: $0.present, absent: $0.absent) }
            let found = try run.run(
                chosen, normalisers: normalisers?.values, isCancelled: { Task.isCancelled },
                progress: { events.yield(.progress(concept: concept, texts: read + $0, of: total)) })
            read += 2 * chosen.count
            for (sae, contrast) in zip(saes, found) { contrasts[sae.info.name, default: [:]][concept] = contrast[0] }
            events.yield(.findings(findings(of: saes, concepts: [concept], isNormalised: normalisers != nil)))
            await Task.yield()
        }
        // The chance level of the first concepts was measured on few texts; now there are those of all.
        let known = Set(saes.flatMap { contrasts[$0.info.name]?.keys.map(\.self) ?? [] })
        events.yield(.findings(findings(of: saes, concepts: known.sorted(), isNormalised: normalisers != nil)))
    }

    private struct Normalisers {
        var values: [[Float]]
    }

    /// What activations are divided by; `nil` unless the catalog knows it for every SAE.
    private func normalisers(of saes: [any SparseAutoencoder]) throws -> Normalisers? {
        guard let catalog else { return nil }
        let known = Set(try catalog.saes().filter { $0.neuronCount > 0 }.map(\.name))
        guard saes.allSatisfy({ known.contains($0.info.name) }) else { return nil }
        return Normalisers(values: try saes.map { try catalog.liveTable(sae: $0.info.name).normaliser })
    }

    private func findings(
        of saes: [any SparseAutoencoder], concepts: [String], isNormalised: Bool
    ) -> [ContrastFinding] {
        saes.flatMap { sae -> [ContrastFinding] in
            let known = contrasts[sae.info.name] ?? [:]
            let background = ContrastBackground(Array(known.values))
            return concepts.compactMap { concept in
                known[concept].map {
                    ContrastFinding($0, sae: sae.info.name, background: background, isNormalised: isNormalised)
                }
            }
        }
    }
}

extension PromptPair {
    fileprivate init(_ pair: ContrastPair, isOwn: Bool = false) {
        self.init(concept: pair.concept, present: pair.present, absent: pair.absent, isOwn: isOwn)
    }
}

extension ContrastFinding {
    init(_ contrast: ConceptContrast, sae: String, background: ContrastBackground, isNormalised: Bool) {
        let (frequency, reverse) = (contrast.frequency, contrast.reverseFrequency)
        self.init(
            sae: sae, concept: contrast.concept, pairs: contrast.pairs, iCDF: contrast.iCDF,
            reversedICDF: contrast.reverseICDF,
            counts: Self.thresholds.map { threshold in
                Count(
                    threshold: threshold, neurons: ContrastMetrics.l0(frequency, threshold: threshold),
                    reversed: ContrastMetrics.l0(reverse, threshold: threshold))
            },
            backgroundTexts: background.texts, isNormalised: isNormalised,
            present: Side(contrast, background: background), absent: Side(contrast.reversed, background: background))
    }
}

extension ContrastFinding.Side {
    /// The neurons that fire only on the present texts of some pairs, and more on present texts than on absent ones.
    init(_ contrast: ConceptContrast, background: ContrastBackground) {
        let (frequency, reverse, effect) = (contrast.frequency, contrast.reverseFrequency, contrast.effect)
        let pValues = frequency.indices.map { background.pValue($0, in: contrast) }
        let qValues = FalseDiscovery.qValues(pValues)
        let chosen = Set(ContrastSelection().choose(contrast, background: background).map(\.neuron))
        let ranked = frequency.indices.filter { contrast.presentOnly[$0] > 0 && effect[$0] > 0 }
            .sorted { left, right in
                let (isLeft, isRight) = (chosen.contains(left), chosen.contains(right))
                if isLeft != isRight { return isLeft }
                return (pValues[left], effect[right], left) < (pValues[right], effect[left], right)
            }
        self.init(
            neurons: ranked.prefix(ContrastFinding.limit).map { neuron in
                ContrastFinding.Neuron(
                    index: neuron, frequency: frequency[neuron], reverseFrequency: reverse[neuron],
                    effect: effect[neuron], qValue: qValues[neuron], isChosen: chosen.contains(neuron),
                    evidence: contrast.evidence(of: neuron))
            }, total: ranked.count)
    }
}

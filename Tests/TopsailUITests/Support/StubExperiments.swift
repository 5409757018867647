import TopsailCore
import TopsailEngine
import TopsailUI

/// Pairs, findings and SAEs made up by rule.
struct StubExperiments: ContrastService, CheckpointService {
    static let concepts = [("violence.weapons", 3), ("violence.threat", 2), ("privacy.address", 2)]

    func pairs() async throws -> [PromptPair] {
        Self.concepts.flatMap { concept, count in
            (0..<count).map { number in
                PromptPair(
                    concept: concept, present: "The guard asked whether the parcel number \(number) held a knife.",
                    absent: "The guard asked whether the parcel number \(number) held a book.")
            }
        } + [PromptPair(concept: "own words", present: "with it", absent: "without it", isOwn: true)]
    }

    func pairs(at path: String) async throws -> [PromptPair] {
        guard path == "pairs.jsonl" else { throw NoModel.Reason("\(path) cannot be read") }
        return [PromptPair(concept: "deception", present: "I lied to him.", absent: "I wrote to him.")]
    }

    func keep(_ own: [PromptPair]) async throws {}

    static let saes = [StubLibrary.sae, "topk-k64"]

    static func finding(_ concept: String, sae: String, texts: Int) -> ContrastFinding {
        let seed = concept.unicodeScalars.reduce(sae.count) { ($0 &* 31 &+ Int($1.value)) % 5000 }
        let counts = [(0.25, 90, 30), (0.5, 18, 3), (0.75, 5, 0)].map { threshold, neurons, reversed in
            ContrastFinding.Count(threshold: threshold, neurons: neurons, reversed: reversed)
        }
        return ContrastFinding(
            sae: sae, concept: concept, pairs: 3, iCDF: 0.02 + Double(seed % 7) / 1000, reversedICDF: 0.011,
            counts: counts, backgroundTexts: texts, isNormalised: true,
            present: .init(neurons: (0..<30).map { neuron(seed, rank: $0) }, total: 1234),
            absent: .init(neurons: (0..<9).map { neuron(seed + 7, rank: $0 + 3) }, total: 9))
    }

    /// Values of ten pairs: the lower the rank, the more of them set the two sides apart.
    private static func evidence(rank: Int) -> ContrastEvidence {
        ContrastEvidence(
            present: (0..<10).map { $0 < 10 - rank / 3 ? 1.8 - Double($0 * (rank + 1)) / 40 : 0 },
            absent: (0..<10).map { $0 % 4 == 3 ? Double(rank) / 20 : 0 })
    }

    private static func neuron(_ seed: Int, rank: Int) -> ContrastFinding.Neuron {
        let share = Double(rank)
        return ContrastFinding.Neuron(
            index: (seed + rank * 131) % 5760, frequency: 1 - share / 40, reverseFrequency: Double(rank % 4) / 12,
            effect: 1.8 / (share + 1), qValue: min(1, 0.0004 * (share * share + 1)), isChosen: rank < 5,
            evidence: evidence(rank: rank))
    }

    func contrast(_ pairs: [PromptPair]) -> AsyncThrowingStream<ContrastEvent, any Error> {
        AsyncThrowingStream { stream in
            var concepts: [String] = []
            for pair in pairs where !concepts.contains(pair.concept) { concepts.append(pair.concept) }
            for (place, concept) in concepts.enumerated() {
                stream.yield(.progress(concept: concept, texts: place, of: 2 * pairs.count))
                stream.yield(.findings(Self.saes.map { Self.finding(concept, sae: $0, texts: 2 * pairs.count) }))
            }
            stream.finish()
        }
    }

    func checkpoints() async throws -> [CheckpointEntry] {
        [(32, 0.69, 0.022), (64, 0.78, 0.019), (128, 0.86, 0.017)].map { k, variance, iCDF in
            CheckpointEntry(
                name: "topk-k\(k)", architecture: "topk", hook: HookPoint(.mlpOut, layer: 14),
                model: "SmolLM2-135M-Instruct", dIn: 576, dSAE: 5760, k: k,
                metrics: [
                    "l0": Double(k), "explained_variance": variance, "ce_recovered": variance + 0.1,
                    "dead_fraction": 0.001, "i_cdf": iCDF, "l0_t_0.5": 8.6, "ce_clean": 2.16,
                ], isDefault: k == 32, neurons: k == 128 ? 0 : 5760,
                collection: .init(
                    corpus: "synthetic", countedTokens: 993_608, contextLength: 512, excludedTokens: "special tokens"),
                path: k == 128 ? nil : "/models/topk-k\(k)")
        }
    }

    func open(path: String) async throws -> CheckpointEntry {
        guard path.hasPrefix("/models") else { throw NoModel.Reason("\(path) holds no checkpoint") }
        return CheckpointEntry(
            name: "opened", architecture: "jumprelu", hook: nil, dIn: 768, dSAE: 24_576, path: path,
            parameters: [.init("layout", "saelens"), .init("weights", "float32")])
    }

    func densities(of sae: String) async throws -> DensityDistribution {
        DensityDistribution(
            counts: (0..<24).map { max(0, 400 - ($0 - 13) * ($0 - 13) * 9) }, silent: sae == StubLibrary.sae ? 7 : 0)
    }

    func checkFit(of checkpoint: CheckpointEntry) async throws -> FitReport {
        guard checkpoint.dIn == 576 else {
            return FitReport(
                sae: checkpoint.name, model: "SmolLM2-135M-Instruct",
                verdict: .foreign("it reads \(checkpoint.dIn) values a token, mlp_out.14 of this model delivers 576"))
        }
        return FitReport(
            sae: checkpoint.name, model: "SmolLM2-135M-Instruct", verdict: .fits, explainedVariance: 0.69, l0: 32,
            ceRecovered: 0.79, tokens: 260)
    }

    func compare(
        _ first: CheckpointEntry, with second: CheckpointEntry
    ) async throws -> CheckpointComparison {
        CheckpointComparison(
            first: first.name, second: second.name,
            matches: (0..<300).map { rank in
                .init(
                    first: rank * 17 % 5760, second: rank * 23 % 5760, cosine: 0.99 - Float(rank) / 400,
                    isMutual: rank % 3 != 2)
            }, chance: ChanceMatching(first: 5760, second: 5760, width: 576))
    }
}

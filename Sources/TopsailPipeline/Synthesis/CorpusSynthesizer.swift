import Foundation
import TopsailCore
import TopsailFiles
import TopsailModel

/// Lets a model write the corpus that its SAEs are trained on and explained with, as FaithfulSAE does (arXiv
/// 2506.17673), from our own seeds.
public struct CorpusSynthesizer {
    private let model: LanguageModel
    private let seedsPath: String
    private let seeds: [CorpusSeed]
    private let options: SynthesisOptions
    private let plan: SynthesisPlan

    /// Texts sampled side by side; a text does not depend on it.
    public var width = 48
    /// No new text is begun after this; those begun are finished.
    public var deadline: Date?

    /// - Throws: When the seeds cannot be read or the model has no chat template that instructions could be given in.
    public init(model: LanguageModel, seedsPath: String, options: SynthesisOptions) throws {
        self.model = model
        self.seedsPath = seedsPath
        self.options = options
        seeds = try CorpusSeed.load(path: seedsPath)
        plan = SynthesisPlan(options: options, seedCount: seeds.count)
        if seeds.contains(where: { $0.kind == .instruction }) { _ = try model.requireChatTemplate() }
    }

    /// Samples until the target is reached, the rounds are used up, the deadline passes or `isCancelled` says so, and
    /// writes the corpus (except after cancelling).
    ///
    /// Blocks. What was sampled is in the journal at once: a run that was killed goes on from there.
    ///
    /// - Parameters:
    ///   - store: Where the corpus goes.
    ///   - journalPath: Its folder must exist.
    ///   - progress: Called after each text.
    public func run(
        into store: CorpusStore, journalPath: String, isCancelled: () -> Bool = { false },
        progress: (SynthesisProgress) -> Void = { _ in }
    ) throws -> CorpusManifest {
        let sources = try Sources(
            model: .init(name: model.configuration.name, sha256: SHA256File.hexDigest(path: model.path)),
            seeds: .init(
                name: URL(fileURLWithPath: seedsPath).lastPathComponent, sha256: SHA256File.hexDigest(path: seedsPath)))
        let journal = try SynthesisJournal(
            path: journalPath,
            header: .init(modelSHA256: sources.model.sha256, seedsSHA256: sources.seeds.sha256, options: options))
        var collector = TextCollector(seeds: seeds, tokenizer: model.tokenizer, target: options.targetTokens)
        try sample(journal: journal, into: &collector, isCancelled: isCancelled, progress: progress)
        let result = collector
        return try store.write(result.texts) { checksum in
            CorpusManifest(
                model: sources.model, seeds: sources.seeds, options: options, documents: result.texts.count,
                tokens: result.tokens, characters: result.texts.reduce(0) { $0 + $1.text.count },
                rejected: result.rejected, topics: result.texts.reduce(into: [:]) { $0[$1.topic, default: 0] += 1 },
                contentSHA256: checksum)
        }
    }

    private struct Sources {
        var model: CorpusManifest.Source
        var seeds: CorpusManifest.Source
    }

    private func sample(
        journal: SynthesisJournal, into collector: inout TextCollector, isCancelled: () -> Bool,
        progress: (SynthesisProgress) -> Void
    ) throws {
        var queue = PlanCursor(plan: plan)
        var running: [Int: SynthesisPlan.Item] = [:]
        var meter = RateMeter()
        var kept = collector
        defer { collector = kept }
        let generator = BatchGenerator(
            model, precision: options.precision, width: width, capacity: longestPrompt() + options.longestLimit)
        try generator.run(
            next: { () -> BatchGenerator.Job? in
                while !kept.isFull, deadline.map({ $0 > Date() }) ?? true, let item = queue.next() {
                    if let text = journal.entries[item.index] {
                        kept.add(text, for: item)
                        continue
                    }
                    running[item.index] = item
                    return job(for: item)
                }
                return nil
            },
            isCancelled: isCancelled,
            finished: { job, tokens in
                let item = running.removeValue(forKey: job.id)!
                let text = writtenText(tokens, seeds[item.seedIndex].kind)
                try journal.append(.init(index: item.index, text: text))
                meter.sampled += tokens.count
                kept.add(text, for: item)
                progress(meter.progress(of: kept, target: options.targetTokens))
            })
    }

    private func job(for item: SynthesisPlan.Item) -> BatchGenerator.Job {
        BatchGenerator.Job(
            id: item.index, prompt: prompt(seeds[item.seedIndex]), maxTokens: item.maxTokens, options: item.sampling,
            seed: item.randomSeed)
    }

    private func prompt(_ seed: CorpusSeed) -> [TokenID] {
        let message = [ChatMessage(role: "user", content: seed.text)]
        // The template was checked when this was made.
        return seed.kind == .instruction
            ? (try? model.encode(messages: message, addGenerationPrompt: true)) ?? []
            : model.tokenizer.encode(seed.text, addSpecial: false, parseSpecial: false)
    }

    private func longestPrompt() -> Int { seeds.map { prompt($0).count }.max() ?? 0 }

    /// What was written up to the first special token; a text may end without the token that ends a turn.
    private func writtenText(_ tokens: [TokenID], _ kind: CorpusKind) -> String {
        let text = model.tokenizer.decode(Array(tokens.prefix { !model.tokenizer.isSpecial($0) }))
        let end = text.lastIndex { !$0.isWhitespace }.map(text.index(after:)) ?? text.startIndex
        let trimmed = text[..<end]
        return String(kind == .instruction ? trimmed.drop(while: \.isWhitespace) : trimmed)
    }
}

/// Walks through a plan round by round.
private struct PlanCursor {
    let plan: SynthesisPlan
    private var round = 0
    private var items: ArraySlice<SynthesisPlan.Item> = []

    init(plan: SynthesisPlan) { self.plan = plan }

    mutating func next() -> SynthesisPlan.Item? {
        if items.isEmpty {
            guard round < plan.options.rounds else { return nil }
            items = plan.round(round)[...]
            round += 1
        }
        return items.popFirst()
    }
}

/// Turns counts into rates.
private struct RateMeter {
    var sampled = 0
    private let start = ContinuousClock.now
    private var tokensAtStart: Int?

    mutating func progress(of collector: TextCollector, target: Int) -> SynthesisProgress {
        let elapsed = max((ContinuousClock.now - start) / .seconds(1), 1e-3)
        let rate = Double(sampled) / elapsed
        let atStart = tokensAtStart ?? collector.tokens
        tokensAtStart = atStart
        let gained = collector.tokens - atStart
        let left = gained > 0 ? Double(max(target - collector.tokens, 0)) / (Double(gained) / elapsed) : nil
        return SynthesisProgress(
            documents: collector.texts.count, rejected: collector.rejected.values.reduce(0, +),
            tokens: collector.tokens, targetTokens: target, tokensPerSecond: rate, secondsLeft: left)
    }
}

import TopsailCore
import TopsailTokenizer

/// Takes sampled texts in the plan's order, keeps the good ones, and stops at the target.
///
/// Texts may finish in any order; what is kept depends on the plan alone.
struct TextCollector {
    private let seeds: [CorpusSeed]
    private let tokenizer: any TextTokenizer
    private let target: Int
    private let filter = TextFilter()
    private var duplicates = DuplicateIndex()
    private var waiting: [Int: (item: SynthesisPlan.Item, text: String)] = [:]
    private var nextIndex = 0

    private(set) var texts: [CorpusText] = []
    private(set) var tokens = 0
    private(set) var rejected: [String: Int] = [:]

    init(seeds: [CorpusSeed], tokenizer: any TextTokenizer, target: Int) {
        self.seeds = seeds
        self.tokenizer = tokenizer
        self.target = target
    }

    var isFull: Bool { tokens >= target }

    /// Adds what the model wrote for an item.
    mutating func add(_ text: String, for item: SynthesisPlan.Item) {
        waiting[item.index] = (item, text)
        while !isFull, let (item, text) = waiting.removeValue(forKey: nextIndex) {
            consider(text, item)
            nextIndex += 1
        }
    }

    private mutating func consider(_ written: String, _ item: SynthesisPlan.Item) {
        let seed = seeds[item.seedIndex]
        let text = seed.kind == .opening ? seed.text + written : written
        let count = tokenizer.encode(text, addSpecial: false, parseSpecial: false).count
        let prompt = seed.kind == .instruction ? seed.text : nil
        if let reason = filter.rejection(of: text, prompt: prompt, tokens: count) {
            rejected[reason.rawValue, default: 0] += 1
        } else if !duplicates.insert(words: WordSplitter.words(of: text), seed: item.seedIndex) {
            rejected[TextFilter.Rejection.duplicate.rawValue, default: 0] += 1
        } else {
            let id = "\(item.seedIndex)-\(item.round)"
            texts.append(CorpusText(id: id, topic: seed.topic, kind: seed.kind, prompt: prompt, text: text))
            tokens += count
        }
    }
}

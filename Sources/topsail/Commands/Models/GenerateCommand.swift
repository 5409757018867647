import ArgumentParser
import TopsailCore
import TopsailModel
import TopsailTokenizer

/// `topsail generate`: a model's continuation of a text.
struct GenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Let the model continue a text or answer a message.",
        discussion: """
            Examples:
              topsail generate --text "The capital of France is" --max-tokens 24
              topsail generate --chat --text "Name three rivers." --temperature 0.7 --top-p 0.9 --seed 1
              topsail generate --text "1, 2, 3," --stop 10 --logprobs --json
            Greedy unless a sampling option is given. JSON: ids with the ending token, text without it and without what --stop cut;
            with --logprobs the natural logarithm of each id's probability, before penalties and temperature.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var prompt: PromptOptions
    @Option(help: "Tokens to generate at most.") var maxTokens = 128
    @Flag(help: "Always take the most likely token.") var greedy = false
    @Option(help: "Flattens (above 1) or sharpens (below 1) the choice; 0 is greedy.") var temperature: Float?
    @Option(name: .customLong("top-p"), help: "Sample among the likeliest tokens that hold this probability.")
    var topP: Float?
    @Option(name: .customLong("top-k"), help: "Sample among this many of the likeliest tokens.") var topK: Int?
    @Option(help: "Fixes the sampled text.") var seed: UInt64?
    @Option(help: "Divides the logits of tokens that were there before; 1 is none.") var repetitionPenalty: Float = 1
    @Option(parsing: .unconditionalSingleValue, help: "End at this text; can be given several times.")
    var stop: [String] = []
    @Flag(help: "Give each token's log probability, with --json.") var logprobs = false

    private var samples: Bool { temperature != nil || topP != nil || topK != nil || seed != nil }

    func validate() throws {
        if greedy, samples {
            throw ValidationError("--greedy and the sampling options exclude each other")
        }
        if maxTokens < 1 { throw ValidationError("--max-tokens needs a number above 0") }
        if let temperature, !(temperature >= 0 && temperature.isFinite) {
            throw ValidationError("--temperature needs a number of 0 or more")
        }
        if let topK, topK < 1 { throw ValidationError("--top-k needs a number above 0") }
        if !(repetitionPenalty > 0 && repetitionPenalty.isFinite) {
            throw ValidationError("--repetition-penalty needs a number above 0")
        }
        if logprobs, !common.json { throw ValidationError("--logprobs needs --json") }
        if let topP, !(topP > 0 && topP <= 1) { throw ValidationError("--top-p needs a number above 0, at most 1") }
    }

    func run() async throws {
        let model = try model.open(in: common.place)
        let tokens = try prompt.tokens(for: model)
        let options = SamplingOptions(
            temperature: samples ? temperature ?? 1 : 0, topK: topK ?? 0, topP: topP ?? 1,
            repetitionPenalty: repetitionPenalty)
        // The same seed gives the same text; without one, every call gives another.
        var sampler = Sampler(options, seed: seed ?? .random(in: .min ... .max))
        let session = ModelSession(model, precision: self.model.precision)
        let limits = GenerationLimits(maxTokens: maxTokens, stopStrings: stop)
        var stream = TextStream(tokenizer: model.tokenizer)
        var probabilities: [Float] = []
        let ids = try Interruption.handled {
            try session.generate(
                after: tokens, limits: limits, sampler: &sampler, isCancelled: { Interruption.isRequested },
                onToken: { token in
                    if logprobs { probabilities.append(token.logProbability) }
                    // With stop strings, what is shown is known only once it is whole.
                    let isShown = !common.json && stop.isEmpty && !model.endTokens.contains(token.id)
                    if isShown { show(stream.append(token.id)) }
                    return true
                })
        }
        guard common.json || !stop.isEmpty else {
            show(stream.finish())
            return StandardOutput.line("")
        }
        let spoken = ids.last.map(model.endTokens.contains) == true ? ids.dropLast() : ids[...]
        let text = StopStrings(stop, tokenizer: model.tokenizer).cut(model.tokenizer.decode(Array(spoken)))
        guard common.json else { return StandardOutput.line(PrintableText.printable(text, keepingNewlines: true)) }
        StandardOutput.line(
            (logprobs
                ? JSONText.object(["text": text, "ids": ids, "logprobs": probabilities])
                : JSONText.object(["text": text, "ids": ids])).line)
    }

    private func show(_ text: String) {
        StandardOutput.write(PrintableText.printable(text, keepingNewlines: true))
        StandardOutput.flush()
    }
}

/// Turns tokens into text as they come, holding back the bytes of a character until it is whole.
struct TextStream {
    let tokenizer: any TextTokenizer
    private var pending: [UInt8] = []

    init(tokenizer: any TextTokenizer) { self.tokenizer = tokenizer }

    /// - Returns: What can be shown now.
    mutating func append(_ token: TokenID) -> String {
        pending += tokenizer.bytes(of: token)
        let whole = pending.count - unfinishedBytes
        defer { pending.removeFirst(whole) }
        return String(decoding: pending[..<whole], as: UTF8.self)
    }

    /// What was held back, broken as it is.
    mutating func finish() -> String {
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
    }

    /// Bytes at the end that begin a character and do not complete it.
    private var unfinishedBytes: Int {
        for (back, byte) in pending.reversed().prefix(4).enumerated() {
            switch byte {
            case 0x80...0xBF: continue
            case 0xC2...0xDF: return back + 1 < 2 ? back + 1 : 0
            case 0xE0...0xEF: return back + 1 < 3 ? back + 1 : 0
            case 0xF0...0xF4: return back + 1 < 4 ? back + 1 : 0
            default: return 0
            }
        }
        return 0
    }
}

import TopsailAnalysis
import TopsailCore

/// What a person typed, as the model is to read it.
public struct LiveRequest: Sendable, Hashable {
    /// The prompt's text, unchanged.
    public var text: String
    /// `true`: the text is one user message, rendered by the model's chat template with the generation prompt.
    public var usesChatTemplate: Bool
    /// The system message to use instead of the template's own; `nil` keeps the template's default.
    public var systemMessage: String?
    /// Whether the surprisal of each token is wanted too. The whole prompt is then read anew.
    public var wantsSurprisal: Bool

    public init(
        text: String, usesChatTemplate: Bool, systemMessage: String? = nil, wantsSurprisal: Bool = false
    ) {
        self.text = text
        self.usesChatTemplate = usesChatTemplate
        self.systemMessage = systemMessage
        self.wantsSurprisal = wantsSurprisal
    }
}

/// An SAE that takes part in a live report.
public struct LiveSAE: Sendable, Hashable {
    public var name: String
    public var hook: HookPoint
    public var dSAE: Int

    public init(name: String, hook: HookPoint, dSAE: Int) {
        self.name = name
        self.hook = hook
        self.dSAE = dSAE
    }
}

/// A neuron that fired on one token of a prompt.
public struct LiveFeature: Sendable, Hashable {
    /// Position of the SAE in `LiveReport.saes`.
    public var sae: Int
    public var index: Int
    /// The SAE's own units.
    public var activation: Float
    /// Activation divided by the neuron's 0.999 quantile over the collection corpus; `nil` where the catalog has none.
    public var normalised: Float?

    public init(sae: Int, index: Int, activation: Float, normalised: Float?) {
        self.sae = sae
        self.index = index
        self.activation = activation
        self.normalised = normalised
    }

    /// What neurons are ranked by: normalised activation; a neuron without one ranks below every one that has it.
    public var rank: Float { normalised ?? -1 / (1 + activation) }
}

/// One token of the row that the model read.
public struct LiveToken: Sendable, Hashable {
    public enum Origin: Sendable, Hashable {
        case prompt, template, answer
    }

    public var id: TokenID
    /// The token's text; broken UTF-8 as U+FFFD. Not yet made printable.
    public var text: String
    /// What it stands for, often less than a whole character.
    public var bytes: [UInt8]
    public var origin: Origin
    /// `false` for special tokens and the first token, whose activations are attention-sink outliers: shown, but left out of
    /// maxima and scores.
    public var isCounted: Bool
    /// By falling `rank`.
    public var features: [LiveFeature]
    /// Negative log probability in nats of this token given those before it; `nil` where it was not computed.
    public var surprisal: Float?

    public init(
        id: TokenID, text: String, bytes: [UInt8]? = nil, origin: Origin, isCounted: Bool, features: [LiveFeature],
        surprisal: Float? = nil
    ) {
        self.id = id
        self.text = text
        self.bytes = bytes ?? Array(text.utf8)
        self.origin = origin
        self.isCounted = isCounted
        self.features = features
        self.surprisal = surprisal
    }

    /// Its text for people, who want to tell pieces of characters apart: `⟨E6⟩`. Not yet made printable.
    public var spelling: String { text.unicodeScalars.contains("\u{FFFD}") ? PrintableText.spelled(bytes) : text }
}

/// How much of a category the tagged neurons see in a text. Comparable between prompts; higher is more.
public struct CategoryScore: Sendable, Hashable {
    public struct Evidence: Sendable, Hashable {
        public var feature: LiveFeature
        /// Position of the token in the report.
        public var token: Int
        /// What it adds to the log-odds of a calibrated score, less than 0 where it speaks against the category; what it adds to
        /// the sum of a heuristic one.
        public var contribution: Double

        public init(feature: LiveFeature, token: Int, contribution: Double = 0) {
            self.feature = feature
            self.token = token
            self.contribution = contribution
        }
    }

    /// Domain slug, e.g. `violence`.
    public var slug: String
    public var label: String
    /// `0 ... 1`.
    public var score: Float
    /// Neurons that raised the score, strongest first.
    public var evidence: [Evidence]
    /// Neurons that lowered it, strongest first.
    public var opposing: [Evidence]
    /// The sum behind a calibrated score; `nil` for a heuristic one.
    public var sum: Sum?
    /// Whether weights were fitted to contrast pairs; otherwise a rule of thumb adds what fires.
    public var isCalibrated: Bool

    /// Whether it sums up all domains.
    public var isOverall: Bool { slug == AssessmentModel.overall }

    /// Where the score comes from, in a word.
    public var basis: String { isCalibrated ? "calibrated" : "heuristic" }

    /// A calibrated score is the logistic function of `bias` and what the neurons add to it.
    public struct Sum: Sendable, Hashable {
        /// What a text without any of the neurons has.
        public var bias: Double
        /// With what all neurons add, those that are not named as well.
        public var logOdds: Double

        public init(bias: Double, logOdds: Double) {
            self.bias = bias
            self.logOdds = logOdds
        }
    }

    public init(
        slug: String, label: String, score: Float, evidence: [Evidence], opposing: [Evidence] = [], sum: Sum? = nil,
        isCalibrated: Bool = false
    ) {
        self.isCalibrated = isCalibrated
        self.opposing = opposing
        self.sum = sum
        self.slug = slug
        self.label = label
        self.score = score
        self.evidence = evidence
    }
}

/// Everything the live screen shows about one prompt.
public struct LiveReport: Sendable {
    public var saes: [LiveSAE]
    public var tokens: [LiveToken]
    /// Top-level domains in taxonomy order; where scores are calibrated, the overall one before them.
    public var categories: [CategoryScore]
    /// Tokens whose computation was kept from the request before.
    public var reusedTokens: Int
    public var elapsed: Duration

    public init(
        saes: [LiveSAE], tokens: [LiveToken], categories: [CategoryScore], reusedTokens: Int, elapsed: Duration
    ) {
        self.saes = saes
        self.tokens = tokens
        self.categories = categories
        self.reusedTokens = reusedTokens
        self.elapsed = elapsed
    }
}

/// How an answer is sampled.
public struct AnswerOptions: Sendable, Hashable {
    public var maxTokens: Int
    /// 0 is greedy.
    public var temperature: Float
    public var topP: Float
    public var seed: UInt64
    /// What the model has written already and goes on from; empty for a new answer. `maxTokens` come after it.
    public var written: [TokenID] = []

    public init(maxTokens: Int = 160, temperature: Float = 0, topP: Float = 1, seed: UInt64 = 0) {
        self.maxTokens = maxTokens
        self.temperature = temperature
        self.topP = topP
        self.seed = seed
    }
}

/// One step of an answer being generated.
public enum AnswerEvent: Sendable {
    /// The prompt as the model read it, with what it has written already, before the first new token.
    case prompt(LiveReport)
    /// The next token with its neurons; `categories` are the scores over prompt and answer so far.
    case token(LiveToken, categories: [CategoryScore])
    /// Why it ended: `true` when the model ended its turn, `false` at the token limit.
    case finished(endOfTurn: Bool)
}

/// What is known of the model before and after it is loaded.
public struct LiveStatus: Sendable, Hashable {
    public var modelName: String
    public var saes: [LiveSAE]
    public var hasChatTemplate: Bool
    /// Why there is nothing to read prompts with, in a sentence; `nil` where there is.
    public var absence: String?

    public init(modelName: String, saes: [LiveSAE], hasChatTemplate: Bool, absence: String? = nil) {
        self.modelName = modelName
        self.saes = saes
        self.hasChatTemplate = hasChatTemplate
        self.absence = absence
    }
}

/// The model behind the live screen. Calls never block the caller's thread; cancelling the task stops the work at the next layer.
public protocol LiveService: Sendable {
    /// Loads model and SAEs if that has not happened yet.
    func prepare() async throws -> LiveStatus
    /// Neurons of each token of the prompt. A later request replaces an earlier one that still runs: the earlier throws
    /// `CancellationError`.
    func report(on request: LiveRequest) async throws -> LiveReport
    /// Like `report`, for callers that want every report: later requests do not replace it.
    func fullReport(on request: LiveRequest) async throws -> LiveReport
    /// The model's answer, token by token, with neurons. Ending the loop or cancelling the task stops the model.
    func answer(to request: LiveRequest, options: AnswerOptions) -> AsyncThrowingStream<AnswerEvent, any Error>
}

extension LiveService {
    public func fullReport(on request: LiveRequest) async throws -> LiveReport { try await report(on: request) }
}

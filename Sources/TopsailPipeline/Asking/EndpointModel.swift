import Foundation
import TopsailModel

/// A model behind an OpenAI-compatible `/chat/completions`.
///
/// Answers are kept on disk by a hash of the question, so that a run that was ended costs nothing twice. The key is
/// sent and neither stored nor shown.
public final class EndpointModel: AskableModel {
    /// How an endpoint is asked.
    public struct Settings: Sendable {
        /// `https://host/v1`, or with `/chat/completions` at its end.
        public var url: String
        public var model: String
        /// Sent as bearer; `nil` sends none.
        public var key: String?
        /// Folder of kept answers; `nil` keeps none.
        public var cacheFolder: String?
        /// Questions a minute at most.
        public var requestsPerMinute: Double?
        /// Tokens, sent and received, after which nothing more is asked.
        public var budgetTokens: Int?
        /// Longest wait for one answer, in seconds.
        public var timeout = 120.0
        /// Attempts for one question.
        public var attempts = 6

        public init(url: String, model: String) {
            self.url = url
            self.model = model
        }
    }

    public var name: String { settings.model }
    public private(set) var cost = AskingCost()
    private let settings: Settings
    private let address: URL
    private let transport: any HTTPTransport
    private let cache: AnswerCache?
    private var pace: RequestPace
    private let clock: AskingClock
    /// Settings that this server refuses.
    private var omitted: Set<String> = []
    /// For tokens that a server does not count.
    private static let charactersPerToken = 4
    /// How often an answer that cannot be read is asked for.
    private static let unreadableAttempts = 3

    /// - Throws: `AskingError.badEndpoint`, or `.unsafeKey` for a key that would travel unencrypted to another machine.
    public convenience init(_ settings: Settings, isCancelled: @escaping @Sendable () -> Bool = { false }) throws {
        try self.init(
            settings, transport: URLSessionTransport(timeout: settings.timeout, isCancelled: isCancelled),
            clock: AskingClock(isCancelled: isCancelled))
    }

    package init(_ settings: Settings, transport: any HTTPTransport, clock: AskingClock) throws {
        self.settings = settings
        self.transport = transport
        self.clock = clock
        address = try Self.address(settings.url)
        if settings.key != nil, address.scheme == "http", !Self.isThisMachine(address) {
            throw AskingError.unsafeKey(url: settings.url)
        }
        cache = settings.cacheFolder.map(AnswerCache.init)
        pace = RequestPace(perMinute: settings.requestsPerMinute)
    }

    public func answer(_ messages: [ChatMessage], maxTokens: Int, probabilities: Bool) throws -> ModelAnswer {
        let question = ChatCompletion.Request(
            model: settings.model, messages: messages, maxTokens: maxTokens, wantsProbabilities: probabilities)
        let name = AnswerCache.name(url: address.absoluteString, body: try question.encoded())
        if let kept = cache?.answer(name), let known = try? ChatCompletion.answer(kept) {
            cost.cachedCalls += 1
            cost.cachedTokens += tokens(known, messages).sent + tokens(known, messages).received
            return known.answer
        }
        let start = clock.now()
        defer { cost.seconds += clock.now() - start }
        return try ask(question, name: name)
    }

    public func tokenCount(_ messages: [ChatMessage]) -> Int {
        messages.reduce(0) { $0 + $1.content.utf8.count / Self.charactersPerToken + 4 }
    }

    // MARK: Asking

    private func ask(_ question: ChatCompletion.Request, name: String) throws -> ModelAnswer {
        var failure = ""
        var attempt = 1
        var unreadable = 0
        while attempt <= max(settings.attempts, 1) {
            try checkBudget(tokenCount(question.messages) + question.maxTokens)
            try clock.wait(pace.delay(now: clock.now()))
            var question = question
            question.omitted = omitted
            var retry: Double?
            do {
                let response = try transport.post(question.encoded(), to: address, key: settings.key)
                switch response.status {
                case 200..<300:
                    let known = try? ChatCompletion.answer(response.body)
                    // An answer that cannot be read was paid for all the same.
                    count(known, question.messages)
                    if let known {
                        // A full disk costs the next run an answer, not this one its own.
                        try? cache?.keep(response.body, name)
                        return known.answer
                    }
                    failure = "the answer is not a chat completion"
                    unreadable += 1
                    guard unreadable < Self.unreadableAttempts else { throw AskingError.unreadableAnswer(why: failure) }
                case 400, 422:
                    guard let setting = setting(refusedBy: response, of: question) else {
                        throw refusal(response)
                    }
                    omitted.insert(setting)
                    continue
                case 408, 409, 425, 429, 500...599:
                    failure = "status \(response.status)" + (said(response).map { ": \($0)" } ?? "")
                    retry = response.retryAfter
                default: throw refusal(response)
                }
            } catch let error as HTTPFailure {
                failure = error.why
                if attempt == 1, error.isFinal { throw AskingError.unreachable(url: settings.url, why: error.why) }
            }
            if attempt < settings.attempts { try clock.wait(retry ?? RequestPace.backoff(attempt: attempt)) }
            attempt += 1
        }
        throw AskingError.gaveUp(url: settings.url, attempts: attempt - 1, why: failure)
    }

    /// A setting that the server does not know and that can be left out, if that is what it complains about.
    private func setting(refusedBy response: HTTPResponse, of question: ChatCompletion.Request) -> String? {
        guard let text = ChatCompletion.message(ofFailure: response.body) else { return nil }
        return question.optionalSettings.first { !omitted.contains($0) && text.contains($0) }
    }

    private func refusal(_ response: HTTPResponse) -> AskingError {
        .refused(url: settings.url, status: response.status, said: said(response) ?? "")
    }

    private func checkBudget(_ next: Int) throws {
        guard let budget = settings.budgetTokens, cost.tokens + next > budget else { return }
        throw AskingError.budgetSpent(budget: budget, used: cost.tokens)
    }

    private func count(_ known: ChatCompletion.Known?, _ messages: [ChatMessage]) {
        let tokens = tokens(known, messages)
        cost.calls += 1
        cost.tokensSent += tokens.sent
        cost.tokensReceived += tokens.received
    }

    /// As the server counted, else estimated.
    private func tokens(_ known: ChatCompletion.Known?, _ messages: [ChatMessage]) -> (sent: Int, received: Int) {
        let characters = known?.answer.text.utf8.count ?? 0
        return (
            known?.tokensSent ?? tokenCount(messages),
            known?.tokensReceived ?? (characters + Self.charactersPerToken - 1) / Self.charactersPerToken
        )
    }

    /// What the server says about a failure, without the key should it repeat it.
    private func said(_ response: HTTPResponse) -> String? {
        guard var text = ChatCompletion.message(ofFailure: response.body), !text.isEmpty else { return nil }
        if let key = settings.key, !key.isEmpty { text = text.replacingOccurrences(of: key, with: "…") }
        return text.count > 200 ? text.prefix(200) + "…" : text
    }

    // MARK: The address

    private static func address(_ text: String) throws -> URL {
        var path = text
        while path.hasSuffix("/") { path.removeLast() }
        if !path.hasSuffix("/chat/completions") { path += "/chat/completions" }
        guard let url = URL(string: path), let scheme = url.scheme, ["http", "https"].contains(scheme),
            let host = url.host, !host.isEmpty
        else { throw AskingError.badEndpoint(url: text) }
        return url
    }

    private static func isThisMachine(_ url: URL) -> Bool {
        ["localhost", "127.0.0.1", "::1", "[::1]"].contains(url.host ?? "")
    }
}

import Foundation
import Testing
import TopsailModel
import TopsailPipeline
import TopsailTestSupport

@Suite("Asking an endpoint") struct EndpointTests {
    private static let question = [ChatMessage(role: "user", content: "what is it")]

    /// Waits without waiting, and remembers how long.
    private final class Waits {
        var seconds: [Double] = []
        var clock: AskingClock {
            var now = 0.0
            var clock = AskingClock()
            clock.now = { now }
            clock.sleep = {
                now += $0
                self.seconds.append($0)
            }
            return clock
        }
        var total: Double { seconds.reduce(0, +) }
    }

    private func model(
        _ server: StandInEndpoint, clock: AskingClock = Waits().clock,
        _ change: (inout EndpointModel.Settings) -> Void = { _ in }
    ) throws -> EndpointModel {
        var settings = EndpointModel.Settings(url: server.url, model: "stand-in")
        settings.timeout = 10
        change(&settings)
        return try EndpointModel(
            settings, transport: URLSessionTransport(timeout: settings.timeout, isCancelled: { false }), clock: clock)
    }

    private func ask(_ model: EndpointModel) throws -> String {
        try model.answer(Self.question, maxTokens: 8, probabilities: false).text
    }

    @Test("a question goes to /chat/completions with model, messages and key")
    func asks() throws {
        let server = try StandInEndpoint { _, _ in .text("a garden") }
        let model = try model(server) { $0.key = "secret" }
        #expect(try ask(model) == "a garden")
        let asked = try #require(server.asked.first)
        #expect(asked.path == "/v1/chat/completions")
        #expect(asked.authorization == "Bearer secret")
        #expect(asked.body["model"].string == "stand-in")
        #expect(asked.body["max_tokens"].int == 8)
        #expect(asked.text == "what is it")
        #expect(asked.body["logprobs"].isNull)
        #expect(model.cost.calls == 1 && model.cost.tokensSent > 0 && model.cost.tokensReceived > 0)
    }

    @Test("a server that is busy or broken for a moment is asked again, as late as it says")
    func retries() throws {
        let server = try StandInEndpoint { number, _ in
            switch number {
            case 0: .status(429, headers: ["Retry-After": "7"])
            case 1: .status(500, body: "oops")
            case 2: .hangUp
            case 3: .status(200, body: "{\"choices\": [{\"mess")
            default: .text("at last")
            }
        }
        let waits = Waits()
        let model = try model(server, clock: waits.clock)
        #expect(try ask(model) == "at last")
        #expect(server.asked.count == 5)
        // What the server said, then twice as long each time.
        #expect(abs(waits.seconds.prefix(28).reduce(0, +) - 7) < 1e-9)
        #expect(waits.total > 7 + 2)
    }

    @Test("broken JSON, again and again, concerns one question")
    func broken() throws {
        let server = try StandInEndpoint { _, _ in .status(200, body: "{\"choices\": [") }
        let model = try model(server)
        #expect(throws: AskingError.unreadableAnswer(why: "the answer is not a chat completion")) { try ask(model) }
        #expect(server.asked.count == 3)
    }

    @Test("a server that goes on failing is given up, one that refuses at once")
    func gives() throws {
        let failing = try StandInEndpoint { _, _ in .status(503) }
        #expect(throws: AskingError.gaveUp(url: failing.url, attempts: 6, why: "status 503: {}")) {
            try ask(model(failing))
        }
        #expect(failing.asked.count == 6)
        let refusing = try StandInEndpoint { _, _ in
            .status(401, body: "{\"error\": {\"message\": \"the key secret is not valid\"}}")
        }
        #expect(
            throws: AskingError.refused(url: refusing.url, status: 401, said: "the key … is not valid")
        ) { try ask(model(refusing) { $0.key = "secret" }) }
        #expect(refusing.asked.count == 1)
    }

    @Test("nobody there is said at once")
    func absent() throws {
        var server: StandInEndpoint? = try StandInEndpoint { _, _ in .text("") }
        let model = try model(server!)
        server = nil
        #expect {
            try ask(model)
        } throws: { error in
            if case .unreachable? = error as? AskingError { true } else { false }
        }
    }

    @Test("a slow server is waited for, and not for ever")
    func slow() throws {
        let server = try StandInEndpoint { number, _ in number == 0 ? .slow(2.5, "late") : .text("in time") }
        let patient = try model(server)
        #expect(try ask(patient) == "late")
        let hasty = try StandInEndpoint { number, _ in number == 0 ? .slow(3, "late") : .text("in time") }
        #expect(try ask(model(hasty) { $0.timeout = 1 }) == "in time")
        #expect(hasty.asked.count >= 1)
    }

    @Test("an answer is kept: the same question costs nothing, another key is the same question")
    func caches() throws {
        let folder = try TemporaryFolder()
        let server = try StandInEndpoint { number, _ in .text("answer \(number)") }
        let first = try model(server) {
            $0.cacheFolder = folder.path("answers")
            $0.key = "secret"
        }
        #expect(try ask(first) == "answer 0")
        let second = try model(server) { $0.cacheFolder = folder.path("answers") }
        #expect(try ask(second) == "answer 0")
        #expect(second.cost.calls == 0 && second.cost.cachedCalls == 1 && second.cost.cachedTokens > 0)
        #expect(try second.answer(Self.question, maxTokens: 9, probabilities: false).text == "answer 1")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path("answers")) {
            let kept = try String(contentsOfFile: folder.path("answers/\(name)"), encoding: .utf8)
            #expect(!kept.contains("secret") && !name.contains("secret"))
        }
    }

    @Test("questions keep their distance")
    func pace() throws {
        let server = try StandInEndpoint { _, _ in .text("yes") }
        let waits = Waits()
        let model = try model(server, clock: waits.clock) { $0.requestsPerMinute = 30 }
        for _ in 0..<4 { _ = try ask(model) }
        #expect(abs(waits.total - 6) < 1e-9)
    }

    @Test("nothing is asked once the budget is spent")
    func budget() throws {
        let server = try StandInEndpoint { _, _ in .text("yes") }
        let model = try model(server) { $0.budgetTokens = 40 }
        #expect {
            for _ in 0..<10 { _ = try ask(model) }
        } throws: { error in
            if case .budgetSpent(40, let used)? = error as? AskingError { used <= 40 && used > 0 } else { false }
        }
        #expect(server.asked.count < 10)
    }

    @Test("a setting that a server does not know is left out")
    func settings() throws {
        let server = try StandInEndpoint { _, question in
            if !question.body["top_logprobs"].isNull {
                return .status(400, body: "{\"error\": {\"message\": \"unknown field top_logprobs\"}}")
            }
            return question.body["logprobs"].isNull
                ? .text("plain") : .status(400, body: "{\"error\": {\"message\": \"logprobs is not supported\"}}")
        }
        let model = try model(server)
        #expect(try model.answer(Self.question, maxTokens: 8, probabilities: true).text == "plain")
        #expect(server.asked.count <= 3)
        #expect(try model.answer(Self.question, maxTokens: 8, probabilities: true).text == "plain")
        #expect(server.asked.count <= 4)
    }

    @Test("redirections are not followed: the key is for one server")
    func redirection() throws {
        let other = try StandInEndpoint { _, _ in .text("stolen") }
        let url = other.url
        let server = try StandInEndpoint { _, _ in
            .status(307, headers: ["Location": url + "/chat/completions"])
        }
        #expect(throws: AskingError.self) { try ask(model(server) { $0.key = "secret" }) }
        #expect(other.asked.isEmpty)
    }

    @Test("a key is not sent unencrypted to another machine")
    func encryption() throws {
        var settings = EndpointModel.Settings(url: "http://example.org/v1", model: "m")
        _ = try EndpointModel(settings)
        settings.key = "secret"
        #expect(throws: AskingError.unsafeKey(url: "http://example.org/v1")) { _ = try EndpointModel(settings) }
        settings.url = "https://example.org/v1/"
        _ = try EndpointModel(settings)
        settings.url = "ftp://example.org"
        #expect(throws: AskingError.badEndpoint(url: "ftp://example.org")) { _ = try EndpointModel(settings) }
    }

    @Test("Retry-After is a number of seconds or a date")
    func retryAfter() {
        #expect(RetryAfter.seconds("12") == 12)
        #expect(RetryAfter.seconds("99999") == 300)
        #expect(RetryAfter.seconds("soon") == nil)
        let now = Date(timeIntervalSince1970: 784_111_777)
        #expect(RetryAfter.seconds("Sun, 06 Nov 1994 08:49:47 GMT", now: now) == 10)
        #expect(RetryAfter.seconds("Sun, 06 Nov 1994 08:40:00 GMT", now: now) == 0)
        #expect([1, 2, 3, 9].map { RequestPace.backoff(attempt: $0) } == [1, 2, 4, 30])
    }
}

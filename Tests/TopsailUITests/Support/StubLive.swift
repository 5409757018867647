import TopsailCore
import TopsailEngine
import TopsailUI

/// A model that splits at blanks; the neurons of a token follow from its letters.
struct StubLive: LiveService {
    static let saes = [LiveSAE(name: StubLibrary.sae, hook: HookPoint(.mlpOut, layer: 14), dSAE: 5760)]

    /// Bytes of the longest prompt it reads.
    var longest = Int.max
    var words = [" If", " you", " own", " the", " lock", ",", " call", " a", " locksmith", "."]

    func prepare() async throws -> LiveStatus {
        LiveStatus(modelName: "SmolLM2-135M-Instruct", saes: Self.saes, hasChatTemplate: true)
    }

    static func token(_ text: String, _ origin: LiveToken.Origin, isCounted: Bool = true) -> LiveToken {
        let seed = text.unicodeScalars.reduce(7) { ($0 &* 31 &+ Int($1.value)) % 5760 }
        let features = (0..<6).map { rank in
            LiveFeature(
                sae: 0, index: (seed + rank * 977) % 5760, activation: Float(seed % 11 + 2) / Float(rank + 1),
                normalised: rank == 5 ? nil : Float(seed % 11 + 2) / Float(rank + 1) / 9)
        }
        return LiveToken(
            id: TokenID(seed), text: text, origin: origin, isCounted: isCounted,
            features: features.sorted { $0.rank > $1.rank }, surprisal: nil)
    }

    static func tokens(of request: LiveRequest) -> [LiveToken] {
        var tokens: [LiveToken] = []
        if request.usesChatTemplate {
            tokens = [
                token("<|im_start|>", .template, isCounted: false), token("user", .template, isCounted: false),
                token("\n", .template),
            ]
        }
        var word = ""
        for character in request.text {
            if character == " " || character == "\n", !word.isEmpty {
                tokens.append(token(word, .prompt))
                word = ""
            }
            word.append(character)
        }
        if !word.isEmpty { tokens.append(token(word, .prompt)) }
        if request.usesChatTemplate { tokens.append(token("<|im_end|>", .template, isCounted: false)) }
        return tokens
    }

    static func categories(_ tokens: [LiveToken]) -> [CategoryScore] {
        let strongest = tokens.indices.filter { tokens[$0].isCounted }.max {
            tokens[$0].features[0].rank < tokens[$1].features[0].rank
        }
        let evidence = strongest.map { [CategoryScore.Evidence(feature: tokens[$0].features[0], token: $0)] } ?? []
        return [
            CategoryScore(
                slug: "violence", label: "Violence", score: min(1, Float(tokens.count) / 40), evidence: evidence),
            CategoryScore(slug: "privacy", label: "Privacy", score: 0.52, evidence: evidence),
            CategoryScore(slug: "deception", label: "Deception", score: 0, evidence: []),
        ]
    }

    func report(on request: LiveRequest) async throws -> LiveReport {
        try check(request)
        let tokens = Self.tokens(of: request)
        return LiveReport(
            saes: Self.saes, tokens: tokens, categories: Self.categories(tokens), reusedTokens: 0,
            elapsed: .milliseconds(12))
    }

    private func check(_ request: LiveRequest) throws {
        guard request.text.utf8.count > longest else { return }
        throw NoModel.Reason("the text has \(request.text.utf8.count) bytes; \(longest) fit", hint: "shorten the text")
    }

    func answer(to request: LiveRequest, options: AnswerOptions) -> AsyncThrowingStream<AnswerEvent, any Error> {
        AsyncThrowingStream { stream in
            do { try check(request) } catch { return stream.finish(throwing: error) }
            let written = options.written.count
            var tokens = Self.tokens(of: request) + words.prefix(written).map { Self.token($0, .answer) }
            stream.yield(
                .prompt(
                    LiveReport(
                        saes: Self.saes, tokens: tokens, categories: Self.categories(tokens), reusedTokens: 0,
                        elapsed: .milliseconds(12))))
            for word in words.dropFirst(written).prefix(options.maxTokens) {
                tokens.append(Self.token(word, .answer))
                stream.yield(.token(tokens[tokens.count - 1], categories: Self.categories(tokens)))
            }
            stream.yield(.finished(endOfTurn: written + options.maxTokens >= words.count))
            stream.finish()
        }
    }
}

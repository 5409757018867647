import Foundation
import TopsailModel

/// The part of the OpenAI-compatible chat protocol that is used here.
enum ChatCompletion {
    struct Request {
        var model: String
        var messages: [ChatMessage]
        var maxTokens: Int
        var wantsProbabilities: Bool
        /// Settings that are left out.
        var omitted: Set<String> = []

        /// Settings that a server may do without, as it calls them.
        var optionalSettings: [String] {
            (wantsProbabilities ? ["top_logprobs", "logprobs"] : []) + ["temperature", "max_tokens"]
        }

        /// The same question gives the same bytes.
        func encoded() throws -> Data {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(self)
        }
    }

    /// An answer and what the server counted.
    struct Known {
        var answer: ModelAnswer
        var tokensSent: Int?
        var tokensReceived: Int?
    }

    /// - Throws: When it is not a chat completion with a text.
    static func answer(_ data: Data) throws -> Known {
        let response = try JSONDecoder().decode(Response.self, from: data)
        guard let choice = response.choices.first, let text = choice.message.content else {
            throw AskingError.unreadableAnswer(why: "the answer holds no text")
        }
        let tokens = choice.logprobs?.content?.map { token in
            ModelAnswer.Token(
                text: token.token,
                alternatives: (token.topLogprobs ?? []).map {
                    ModelAnswer.Alternative(text: $0.token, logProbability: $0.logprob)
                })
        }
        return Known(
            answer: ModelAnswer(text: text, tokens: tokens ?? []), tokensSent: response.usage?.promptTokens,
            tokensReceived: response.usage?.completionTokens)
    }

    /// What a server says when it fails.
    static func message(ofFailure data: Data) -> String? {
        struct Failure: Decodable {
            struct Detail: Decodable { var message: String }
            var error: Detail
        }
        if let failure = try? JSONDecoder().decode(Failure.self, from: data) { return failure.error.message }
        return data.count < 400 ? String(decoding: data, as: UTF8.self) : nil
    }

    private struct Response: Decodable {
        struct Choice: Decodable {
            struct Message: Decodable { var content: String? }
            struct Probabilities: Decodable { var content: [Token]? }
            struct Token: Decodable {
                var token: String
                var topLogprobs: [Alternative]?

                private enum CodingKeys: String, CodingKey {
                    case token
                    case topLogprobs = "top_logprobs"
                }
            }
            struct Alternative: Decodable {
                var token: String
                var logprob: Double
            }

            var message: Message
            var logprobs: Probabilities?
        }
        struct Usage: Decodable {
            var promptTokens: Int?
            var completionTokens: Int?

            private enum CodingKeys: String, CodingKey {
                case promptTokens = "prompt_tokens"
                case completionTokens = "completion_tokens"
            }
        }

        var choices: [Choice]
        var usage: Usage?
    }
}

extension ChatCompletion.Request: Encodable {
    private enum CodingKeys: String, CodingKey {
        case model, messages, temperature, logprobs
        case maxTokens = "max_tokens"
        case topLogprobs = "top_logprobs"
    }

    func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(model, forKey: .model)
        try object.encode(messages, forKey: .messages)
        func encode(_ value: some Encodable, _ key: CodingKeys) throws {
            if !omitted.contains(key.rawValue) { try object.encode(value, forKey: key) }
        }
        try encode(maxTokens, .maxTokens)
        try encode(0, .temperature)
        guard wantsProbabilities, !omitted.contains("logprobs") else { return }
        try encode(true, .logprobs)
        try encode(15, .topLogprobs)
    }
}

import TopsailPipeline

extension AskingCost {
    /// `20 calls, 12,345 tokens sent, 678 received, 3.4 s`.
    var summary: String {
        var parts = ["\(calls) calls", "\(tokensSent) tokens sent", "\(tokensReceived) received"]
        if cachedCalls > 0 { parts.append("\(cachedCalls) answers known from before") }
        parts.append("\((seconds * 10).rounded() / 10) s")
        return parts.joined(separator: ", ")
    }

    /// What it would be at most: `20 calls, 12,345 tokens to send, at most 678 to receive`.
    var forecast: String {
        "\(calls) calls, about \(tokensSent) tokens to send"
            + (tokensReceived > 0 ? ", at most \(tokensReceived) to receive" : "")
    }

    var document: JSONText {
        .object([
            "calls": calls, "cached_calls": cachedCalls, "tokens_sent": tokensSent, "tokens_received": tokensReceived,
            "cached_tokens": cachedTokens, "seconds": seconds,
        ])
    }
}

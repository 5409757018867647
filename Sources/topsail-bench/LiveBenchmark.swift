import Foundation
import TopsailCore
import TopsailEngine

/// From a typed character to the neurons it changes: the whole way that a request takes, tokenizer to sorted features.
struct LiveBenchmark {
    /// A prompt of 64 tokens in the chat template, typed on.
    private static let opening = """
        The old keeper of the harbour climbed the ninety steps every evening to light the lamp, and ships far out at sea
        """
    private static let typed = Array(" found the harbour by its slow white flash in winter")
    /// What the design allows a keystroke.
    private static let budget = 50.0

    let session: LiveSession

    func run() async throws -> [Measurement] {
        _ = try await session.prepare()
        var text = Self.opening
        var samples: [Double] = [], lengths: [Int] = []
        let clock = ContinuousClock()
        _ = try await session.report(on: request(text))
        for character in Self.typed {
            text.append(character)
            let start = clock.now
            let report = try await session.report(on: request(text))
            samples.append((clock.now - start).milliseconds)
            lengths.append(report.tokens.count)
            sink(report)
        }
        var middle: [Double] = []
        for index in 0..<15 {
            // A word changed near the start: nearly all of the prompt is computed again.
            let changed = text.replacingOccurrences(of: "keeper", with: index % 2 == 0 ? "captain" : "keeper")
            let start = clock.now
            sink(try await session.report(on: request(changed)))
            middle.append((clock.now - start).milliseconds)
        }
        let tokens = lengths.reduce(0, +) / lengths.count
        let bound = (milliseconds: Self.budget, reason: "the keystroke budget")
        return [
            Measurement(name: "typed character to neurons, \(tokens) tokens", samples: samples, bound: bound),
            Measurement(name: "early word changed to neurons, \(tokens) tokens", samples: middle, bound: bound),
        ]
    }

    private func request(_ text: String) -> LiveRequest { LiveRequest(text: text, usesChatTemplate: true) }
}

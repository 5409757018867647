import Foundation
import TopsailModel

/// What a model is told when it is to play a neuron, and an example of how it answers.
struct SimulationPrompt {
    let grain: SimulationGrain
    /// The top of the scale for tokens.
    let highest: Int

    var task: String {
        switch grain {
        case .tokens:
            """
            You predict one neuron of a language model. For each token of a text, say how strongly the neuron fires on it, \
            from 0 (silent) to \(highest) (strongest). On most tokens it is silent.
            """
        case .segments:
            """
            You predict one neuron of a language model. For each piece of a text, say 1 if the neuron fires on a token in \
            it and 0 if it is silent. On most pieces it is silent.
            """
        case .texts:
            """
            You predict one neuron of a language model. For each text, say 1 if the neuron fires on a token in it and 0 \
            if it is silent.
            """
        case .marks:
            """
            You predict one neuron of a language model. In each text some words stand in << >>. Say 1 if the neuron \
            fires on those words and 0 if it does not.
            """
        }
    }

    func question(_ explanation: String) -> String { "The neuron fires on: \(explanation)" }

    static let exampleExplanation = "words for rain, snow and other weather"

    /// Parts of the example and what is true of them.
    var example: [(text: String, value: Int)] {
        switch grain {
        case .tokens:
            [
                ("The", 0), (" rain", highest), (" had", 0), (" stopped", 2), (",", 0), (" so", 0), (" we", 0),
                (" walked", 0), (" home", 0), (" through", 0), (" the", 0), (" snow", highest - 1), (".", 0),
            ]
        case .segments:
            [
                ("The rain had stopped,", 1), (" so we walked home and ate.", 0), (" It was late,", 0),
                (" and a storm was near.", 1),
            ]
        case .texts:
            [
                ("The rain had stopped, so we walked home.", 1), ("She opened the book and read.", 0),
                ("He pays his rent in June.", 0), ("A storm came up at night.", 1),
            ]
        case .marks:
            [
                ("The <<rain>> had stopped, so we walked home.", 1), ("A storm came <<up>> at night.", 0),
                ("She <<opened>> the book and read.", 0), ("We drove through the <<snow>>.", 1),
            ]
        }
    }
}

/// One context as a model with gaps reads it: each part on a line, a tab, and the gap.
enum GapAnswer {
    static let placeholder = "unknown"

    /// The example's answer: some parts unknown as they are in the question, then the true values.
    static func example(_ parts: [(text: String, value: Int)]) -> String {
        let unknown = parts.count / 3
        return parts.enumerated().map { index, part in
            "\(part.text)\t\(index < unknown ? placeholder : "\(part.value)")"
        }.joined(separator: "\n")
    }

    static func pieces(_ passages: [Passage]) -> [AnswerPiece] {
        var pieces: [AnswerPiece] = []
        var separator = ""
        for passage in passages {
            for text in passage.texts {
                pieces.append(.text(separator + text + "\t"))
                pieces.append(.gap(shown: placeholder))
                separator = "\n"
            }
            separator = "\n\n"
        }
        return pieces
    }
}

/// Contexts as a model is asked about them that writes its answer: numbered parts, and a value behind each number.
package enum NumberedAnswer {
    static func list(_ passages: [Passage]) -> String {
        var number = 0
        return passages.map { passage in
            passage.texts.map { text in
                number += 1
                return "\(number)\t\(text)"
            }.joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    static func list(_ texts: [String]) -> String {
        texts.enumerated().map { "\($0 + 1)\t\($1)" }.joined(separator: "\n")
    }

    static func values(_ values: [Int]) -> String {
        values.enumerated().map { "\($0 + 1)\t\($1)" }.joined(separator: "\n")
    }

    /// The value behind each number from 1 to `count`; `nil` where there is none, or none from 0 to `highest`.
    ///
    /// Where the answer's tokens come with alternatives, the value is the expected one over those that are whole numbers in
    /// range.
    package static func read(_ answer: ModelAnswer, count: Int, highest: Int) -> [Double?] {
        var values = [Double?](repeating: nil, count: count)
        let places = TokenPlaces(answer)
        var offset = 0
        for line in answer.text.split(separator: "\n", omittingEmptySubsequences: false) {
            defer { offset += line.utf8.count + 1 }
            guard let found = line.firstMatch(of: /^\s*(\d+)[\s:.)]+(-?[\d.]+)\s*$/), let number = Int(found.1),
                (1...max(count, 1)).contains(number), let value = Int(found.2), (0...highest).contains(value)
            else { continue }
            let place = offset + line.utf8.distance(from: line.startIndex, to: found.2.startIndex)
            values[number - 1] = places.expected(at: place, highest: highest) ?? Double(value)
        }
        return values
    }
}

/// Which token of an answer holds which byte of its text.
private struct TokenPlaces {
    private var starts: [Int] = []
    private let tokens: [ModelAnswer.Token]

    init(_ answer: ModelAnswer) {
        tokens = answer.tokens.map(\.text).joined() == answer.text ? answer.tokens : []
        var offset = 0
        for token in tokens {
            starts.append(offset)
            offset += token.text.utf8.count
        }
    }

    /// The expected value of a number that is one token.
    func expected(at place: Int, highest: Int) -> Double? {
        guard let index = starts.lastIndex(where: { $0 <= place }) else { return nil }
        var sum = 0.0
        var total = 0.0
        for alternative in tokens[index].alternatives {
            guard let value = Int(alternative.text.filter { !$0.isWhitespace }), (0...highest).contains(value) else {
                continue
            }
            let probability = exp(alternative.logProbability)
            sum += Double(value) * probability
            total += probability
        }
        return total > 0 ? sum / total : nil
    }
}

import TopsailCore
import TopsailEngine

/// How answers are written, as one line to read and to type.
extension AnswerOptions {
    /// Bounds of what can be set; the model's context may end an answer sooner.
    static let tokenBounds = 1...100_000
    static let temperatureBounds: ClosedRange<Float> = 0...10

    /// `tokens 160  temperature 0  seed 0`.
    var words: String { "tokens \(maxTokens)  temperature \(Self.figure(temperature))  seed \(seed)" }

    /// The options of `topsail generate` that mean the same.
    var arguments: String {
        "--max-tokens \(maxTokens) "
            + (temperature == 0 ? "--greedy" : "--temperature \(Self.figure(temperature)) --seed \(seed)")
    }

    /// A temperature without decimals it does not need.
    static func figure(_ temperature: Float) -> String {
        temperature == temperature.rounded() ? "\(Int(temperature))" : "\(temperature)"
    }

    /// Takes over what a line sets; what it leaves out stays.
    ///
    /// - Returns: What is wrong with the line, in a sentence; nothing is changed then.
    mutating func take(_ line: String) -> String? {
        let parts = line.split { $0.isWhitespace || $0 == "=" || $0 == "," || $0 == ":" }
        var changed = self
        for start in stride(from: 0, to: parts.count, by: 2) {
            let value = parts.indices.contains(start + 1) ? String(parts[start + 1]) : ""
            switch parts[start] {
            case "tokens":
                guard let count = Int(value), Self.tokenBounds.contains(count) else {
                    return "tokens takes a whole number from 1 to \(Self.tokenBounds.upperBound)"
                }
                changed.maxTokens = count
            case "temperature":
                guard let temperature = Float(value), Self.temperatureBounds.contains(temperature) else {
                    return "temperature takes a number from 0 to 10; 0 takes the likeliest token"
                }
                changed.temperature = temperature
            case "seed":
                guard let seed = UInt64(value) else { return "seed takes a whole number" }
                changed.seed = seed
            default:
                return "“\(PrintableText.printable(String(parts[start])))” is none of tokens, temperature, seed"
            }
        }
        self = changed
        return nil
    }
}

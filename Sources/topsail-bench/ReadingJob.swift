import TopsailCore
import TopsailModel

/// A job that this program and its peers both know how to do.
enum ReadingJob: Hashable {
    /// Reads so many tokens into an empty context; the last one's logits.
    case prompt(Int)
    /// Reads `after` tokens untimed, then `count` more one by one, each with its logits.
    case decode(after: Int, count: Int)

    static let all: [ReadingJob] = [
        .prompt(16), .prompt(64), .prompt(256), .prompt(1024), .decode(after: 64, count: 32),
    ]

    /// As `llama_cpp_bench.py` reads it.
    var request: String {
        switch self {
        case .prompt(let count): "prompt \(count)"
        case .decode(let after, let count): "decode \(after) \(count)"
        }
    }

    var name: String {
        switch self {
        case .prompt(let count): "prompt \(count)"
        case .decode(let after, let count): "decode \(count) after \(after)"
        }
    }

    /// Tokens that the timed part computes.
    var tokens: Int {
        switch self {
        case .prompt(let count): count
        case .decode(_, let count): count
        }
    }

    /// All tokens it reads.
    var length: Int {
        switch self {
        case .prompt(let count): count
        case .decode(let after, let count): after + count
        }
    }

    /// Does the job; milliseconds of the timed part.
    func run(_ session: ModelSession, _ text: [TokenID]) throws -> Double {
        let clock = ContinuousClock()
        session.truncate(to: 0)
        switch self {
        case .prompt(let count):
            return try clock.measure { sink(try session.read(Array(text.prefix(count)), logits: .last).firstComputed) }
                .milliseconds
        case .decode(let after, let count):
            sink(try session.read(Array(text.prefix(after)), logits: .last).firstComputed)
            return try clock.measure {
                for length in after + 1...after + count {
                    sink(try session.read(Array(text.prefix(length)), logits: .last).firstComputed)
                }
            }.milliseconds
        }
    }

    /// Ordinary prose, the same that the peers read.
    static func text(_ count: Int, for model: LanguageModel) -> [TokenID] {
        let paragraph =
            "In winter the wind shook the glass and the keeper slept badly, but in summer he sat outside with a book. "
        let ids = model.tokenizer.encode(
            String(repeating: paragraph, count: count / 12 + 1), addSpecial: false, parseSpecial: false)
        return Array(ids.prefix(count))
    }
}

import CKernels
import Foundation
import TopsailCore
import TopsailTensor

/// How the next token is chosen from the logits.
public struct SamplingOptions: Sendable, Hashable, Codable {
    /// 0 takes the most likely token.
    public var temperature: Float
    /// Only this many of the most likely tokens are considered; 0 means all.
    public var topK: Int
    /// Only the most likely tokens that together hold this probability are considered; 1 means all.
    public var topP: Float
    /// Logits of tokens seen before are divided (if positive) or multiplied by this; 1 means none (Keskar et al. 2019).
    public var repetitionPenalty: Float

    public init(temperature: Float = 0, topK: Int = 0, topP: Float = 1, repetitionPenalty: Float = 1) {
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.repetitionPenalty = repetitionPenalty
    }

    public static var greedy: SamplingOptions { SamplingOptions() }
}

/// Draws tokens from logits; its draws are fixed by its seed.
public struct Sampler: Sendable {
    public var options: SamplingOptions
    private var random: SeededGenerator

    public init(_ options: SamplingOptions, seed: UInt64) {
        self.options = options
        random = SeededGenerator(seed: seed)
    }

    /// Chooses a token.
    ///
    /// - Parameters:
    ///   - logits: One value a token.
    ///   - history: Tokens that count as repeated.
    public mutating func next(
        _ logits: UnsafeMutableBufferPointer<Float>, history: ArraySlice<TokenID> = []
    ) -> TokenID {
        guard let start = logits.baseAddress, options.repetitionPenalty != 1, !history.isEmpty else {
            return choose(from: logits.baseAddress!, count: logits.count)
        }
        return ScratchMemory.withBuffer(of: Float.self, count: logits.count) { copy in
            copy.update(from: start, count: logits.count)
            penalise(copy, history)
            return choose(from: copy, count: logits.count)
        }
    }

    private mutating func choose(from logits: UnsafePointer<Float>, count: Int) -> TokenID {
        guard options.temperature > 0 else { return TokenID(tsk_argmax(logits, count)) }
        let candidates = likeliest(logits, count: count)
        let best = logits[Int(candidates[0])]
        let weights = candidates.map { Double(expf((logits[Int($0)] - best) / options.temperature)) }
        let total = weights.reduce(0, +)
        let kept = nucleus(weights, total: total)
        var draw = random.nextUnit() * weights[..<kept].reduce(0, +)
        for index in 0..<kept {
            draw -= weights[index]
            if draw < 0 { return candidates[index] }
        }
        return candidates[kept - 1]
    }

    private func penalise(_ logits: UnsafeMutablePointer<Float>, _ history: ArraySlice<TokenID>) {
        for token in Set(history) where token >= 0 {
            let logit = logits[Int(token)]
            logits[Int(token)] = logit > 0 ? logit / options.repetitionPenalty : logit * options.repetitionPenalty
        }
    }

    /// Tokens by falling logit, without those that cannot matter: beyond `topK`, beyond the nucleus, or too unlikely to be drawn.
    private func likeliest(_ logits: UnsafePointer<Float>, count: Int) -> [TokenID] {
        let best = logits[tsk_argmax(logits, count)]
        // Sorting a whole vocabulary costs more than the model's pass, so the net is cast narrowly first. At e^-16 of the best
        // one's weight a token is drawn once in millions.
        for reach: Float in [2, 4, 8, 16] {
            let floor = best - reach * options.temperature
            var candidates: [TokenID] = []
            for token in 0..<count where logits[token] >= floor { candidates.append(TokenID(token)) }
            guard reach == 16 || holdsAllThatMatters(candidates, logits, count: count, best: best) else { continue }
            candidates.sort { (a, b) in
                let x = logits[Int(a)], y = logits[Int(b)]
                return x == y ? a < b : x > y
            }
            return options.topK > 0 ? Array(candidates.prefix(options.topK)) : candidates
        }
        return []
    }

    /// Whether `topK` or `topP` would leave out everything that is not among the candidates.
    private func holdsAllThatMatters(
        _ candidates: [TokenID], _ logits: UnsafePointer<Float>, count: Int, best: Float
    ) -> Bool {
        if options.topK > 0 { return candidates.count >= options.topK }
        guard options.topP < 1 else { return false }
        var total: Float = 0
        for token in 0..<count { total += expf((logits[token] - best) / options.temperature) }
        let held = candidates.reduce(Float(0)) { $0 + expf((logits[Int($1)] - best) / options.temperature) }
        return held >= options.topP * total
    }

    /// How many of the leading weights make up `topP` of the total.
    private func nucleus(_ weights: [Double], total: Double) -> Int {
        guard options.topP < 1 else { return weights.count }
        var sum = 0.0
        for (index, weight) in weights.enumerated() {
            sum += weight
            if sum >= Double(options.topP) * total { return index + 1 }
        }
        return weights.count
    }
}

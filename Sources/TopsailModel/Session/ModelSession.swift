import TopsailCore
import TopsailTensor

/// The state of reading with a model: a key-value cache for one or several sequences, and working memory.
///
/// It belongs to one task at a time. Weights are shared with every other session of the same model.
public final class ModelSession {
    public let model: LanguageModel
    /// Longest sequence in tokens.
    public let capacity: Int
    public let slots: Int
    public let precision: Precision
    private let cache: KVCache
    private let scratch: Scratch
    /// The tokens that the cache stands for, by slot.
    private var read: [[TokenID]]
    /// The length that each slot's tokens were last read as part of; rotary scalings that look at the length went by it.
    private var plannedLengths: [Int]

    /// - Parameters:
    ///   - slots: Sequences that can be read side by side.
    ///   - capacity: Longest sequence; as long as the model can read when `nil`.
    ///   - maximumRows: Rows of one pass; longer inputs are read in several passes.
    public init(
        _ model: LanguageModel, precision: Precision, slots: Int = 1, capacity: Int? = nil, maximumRows: Int = 512
    ) {
        self.model = model
        self.precision = precision
        self.slots = slots
        let longest = model.configuration.longestSequence
        self.capacity = min(capacity ?? longest, longest)
        cache = KVCache(model.configuration, slots: slots, capacity: self.capacity)
        scratch = Scratch(model.configuration, rows: max(maximumRows, slots))
        read = Array(repeating: [], count: slots)
        plannedLengths = Array(repeating: 0, count: slots)
    }

    /// The tokens a slot has read and still holds.
    public func tokens(slot: Int = 0) -> [TokenID] { read[slot] }

    /// Forgets a slot's tokens from position `length` on.
    public func truncate(slot: Int = 0, to length: Int) {
        cache.truncate(slot: slot, to: length)
        read[slot].removeSubrange(min(length, read[slot].count)...)
    }

    /// Makes a slot hold what another holds, so that a sequence can be continued in several ways.
    ///
    /// - Parameter length: Leading tokens to take over; all when `nil`.
    public func fork(slot source: Int, into target: Int, length: Int? = nil) {
        guard source != target else { return }
        let length = min(length ?? read[source].count, read[source].count)
        cache.copy(slot: source, to: target, length: length)
        read[target] = Array(read[source].prefix(length))
        plannedLengths[target] = plannedLengths[source]
    }

    /// Makes slot 0 hold exactly `tokens`, computing only what follows the longest common prefix.
    ///
    /// - Parameters:
    ///   - hooks: See the rows of newly computed tokens only, in one or several passes.
    ///   - atLeast: How many of the last tokens are computed even if they are held already.
    /// - Returns: The position of the first token that was computed, and the logits asked for (`[rows, vocab]`).
    @discardableResult
    public func read(
        _ tokens: [TokenID], hooks: HookSet = .none, logits: LogitsRequest = .none, recomputing atLeast: Int = 0,
        isCancelled: () -> Bool = { false }
    ) throws -> ReadResult {
        let layers = layersNeeded(hooks, logits)
        if !hasSameAngles(plannedLengths[0], tokens.count) { truncate(to: 0) }
        let common = zip(read[0], tokens).prefix { $0 == $1 }.count
        let wanted = max(atLeast, logits == .none ? 0 : 1)
        let start = max(0, min(common, cache.length(slot: 0, layers: layers), tokens.count - wanted))
        truncate(to: common)
        // Layers above the ones needed keep their shorter prefix; the tokens are the same.
        cache.truncate(slot: 0, to: max(start, 0))
        read[0] = Array(tokens[..<start])
        let output = try append([tokens[start...]], slots: [0], hooks: hooks, logits: logits, isCancelled: isCancelled)
        return ReadResult(firstComputed: start, logits: output)
    }

    /// Appends tokens to several slots in one go.
    ///
    /// - Parameters:
    ///   - runs: The new tokens of each slot; not empty.
    ///   - slots: The slots, each at most once.
    ///   - plannedLength: Tokens that each sequence will have when a caller that appends piece by piece is done. Only rotary
    ///     scalings that look at the length go by it.
    /// - Returns: Logits as asked for; empty when none were.
    /// - Throws: `ModelError.contextTooLong`, `.cacheTooLarge`, `.tokenOutOfRange`, `CancellationError`, or what a hook throws. The
    ///   slots then hold what they held before, or the beginning of it.
    public func append(
        _ runs: [ArraySlice<TokenID>], slots: [Int], hooks: HookSet = .none, logits: LogitsRequest = .none,
        plannedLength: Int = 0, isCancelled: () -> Bool = { false }
    ) throws -> FloatMatrix {
        try check(runs, slots)
        try cache.reserve(zip(runs, slots).map { $0.count + read[$1].count }.max() ?? 0)
        let lengths = slots.map { read[$0].count }
        let layers = layersNeeded(hooks, logits)
        for (run, slot) in zip(runs, slots) {
            turnToLongAngles(slot, planned: max(read[slot].count + run.count, plannedLength))
        }
        do {
            try deepen(slots, layers: layers, isCancelled: isCancelled)
            let passes = passes(runs, slots, plannedLength: plannedLength)
            if passes.count == 1 {
                return try run(passes[0], layers: layers, hooks: hooks, logits: logits, isCancelled: isCancelled)
            }
            let rows = runs.reduce(0) { $0 + (logits == .all ? $1.count : (logits == .last ? 1 : 0)) }
            let output = FloatMatrix(rows: rows, columns: rows == 0 ? 0 : model.configuration.vocabularySize)
            var written = 0
            for pass in passes {
                let values = try run(pass, layers: layers, hooks: hooks, logits: logits, isCancelled: isCancelled)
                if values.count > 0 { (output.pointer + written).update(from: values.pointer, count: values.count) }
                written += values.count
            }
            return output
        } catch {
            for (slot, length) in zip(slots, lengths) { truncate(slot: slot, to: length) }
            throw error
        }
    }

    /// Reads again what earlier passes, which stopped at a lower layer, did not read deep enough.
    private func deepen(_ slots: [Int], layers: Int, isCancelled: () -> Bool) throws {
        for slot in slots {
            let known = cache.length(slot: slot, layers: layers)
            guard known < read[slot].count else { continue }
            let missing = read[slot][known...]
            truncate(slot: slot, to: known)
            for pass in passes([missing], [slot], plannedLength: plannedLengths[slot]) {
                _ = try run(pass, layers: layers, hooks: .none, logits: .none, isCancelled: isCancelled)
            }
        }
    }

    /// Whether a sequence of one length has the same rotary angles as one of another.
    private func hasSameAngles(_ length: Int, _ other: Int) -> Bool {
        model.weights.rotaries.allSatisfy { $0.regime(length: length) == $0.regime(length: other) }
    }

    /// Notes the length that a slot's sequence is to have. Where that takes a long-rope model from one set of divisors to the
    /// other, the keys held are forgotten and made again, as transformers does while it generates. Dynamic scaling keeps the
    /// angles of what was read before, there as here.
    private func turnToLongAngles(_ slot: Int, planned: Int) {
        let isTurning = model.weights.rotaries.contains { rotary in
            guard case .longRope = rotary.settings.scaling else { return false }
            return rotary.regime(length: plannedLengths[slot]) != rotary.regime(length: planned)
        }
        if isTurning { cache.truncate(slot: slot, to: 0) }
        plannedLengths[slot] = planned
    }

    private struct Pass {
        var segments: [Segment]
        var tokens: [TokenID]
        /// Rows that end a run: their logits are the ones meant by `.last`.
        var lastRows: [Int]
    }

    /// Cuts the runs into passes of at most `scratch.maximumRows` rows.
    private func passes(_ runs: [ArraySlice<TokenID>], _ slots: [Int], plannedLength: Int) -> [Pass] {
        var result: [Pass] = []
        var pass = Pass(segments: [], tokens: [], lastRows: [])
        for (run, slot) in zip(runs, slots) {
            var rest = run
            var start = read[slot].count
            let planned = max(start + run.count, plannedLength)
            while !rest.isEmpty {
                if pass.tokens.count == scratch.maximumRows {
                    result.append(pass)
                    pass = Pass(segments: [], tokens: [], lastRows: [])
                }
                let piece = rest.prefix(scratch.maximumRows - pass.tokens.count)
                pass.segments.append(
                    Segment(
                        slot: slot, start: start, firstRow: pass.tokens.count, count: piece.count,
                        plannedLength: planned))
                pass.tokens.append(contentsOf: piece)
                start += piece.count
                rest = rest.dropFirst(piece.count)
                if rest.isEmpty { pass.lastRows.append(pass.tokens.count - 1) }
            }
        }
        if !pass.tokens.isEmpty { result.append(pass) }
        return result
    }

    private func run(
        _ pass: Pass, layers: Int, hooks: HookSet, logits: LogitsRequest, isCancelled: () -> Bool
    ) throws -> FloatMatrix {
        try withoutActuallyEscaping(isCancelled) { isCancelled in
            let forward = ForwardPass(
                model: model, cache: cache, scratch: scratch, precision: precision, segments: pass.segments,
                hooks: hooks, isCancelled: isCancelled)
            try forward.run(tokens: pass.tokens, layers: layers)
            for segment in pass.segments {
                read[segment.slot].append(
                    contentsOf: pass.tokens[segment.firstRow..<segment.firstRow + segment.count])
            }
            let needsFinalNorm = logits != .none || hooks.points.contains(HookPoint(.finalNorm))
            if needsFinalNorm { try forward.finish() }
            return switch logits {
            case .none: FloatMatrix(rows: 0, columns: 0)
            case .last: forward.logits(rows: pass.lastRows)
            case .all: forward.logits(rows: Array(0..<pass.tokens.count))
            }
        }
    }

    private func layersNeeded(_ hooks: HookSet, _ logits: LogitsRequest) -> Int {
        let layers = model.configuration.nLayers
        return logits == .none ? hooks.layersNeeded(of: layers) : layers
    }

    private func check(_ runs: [ArraySlice<TokenID>], _ slots: [Int]) throws {
        precondition(runs.count == slots.count && Set(slots).count == slots.count, "one run for each slot")
        let vocabulary = model.configuration.vocabularySize
        for (run, slot) in zip(runs, slots) {
            let total = read[slot].count + run.count
            guard total <= capacity else { throw ModelError.contextTooLong(tokens: total, limit: capacity) }
            if let stranger = run.first(where: { $0 < 0 || Int($0) >= vocabulary }) {
                throw ModelError.tokenOutOfRange(token: stranger, vocabulary: vocabulary)
            }
        }
    }
}

/// What `ModelSession.read` did.
public struct ReadResult: ~Copyable {
    /// Tokens before this position were held already.
    public let firstComputed: Int
    /// `[rows, vocab]`; empty when no logits were asked for.
    public let logits: FloatMatrix
}

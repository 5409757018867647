import TopsailCore
import TopsailModel
import TopsailSAE
import TopsailTensor

/// Neurons of a text that grows and changes, computing only what is new.
///
/// It holds the model's state and the features of the text it read last; a new text costs the tokens after the longest common
/// prefix. Belongs to one task at a time.
public final class LiveEncoder {
    public let model: LanguageModel
    public let saes: [any SparseAutoencoder]
    private let session: ModelSession
    /// The SAEs that read each hook point, by position in `saes`.
    private let readers: [HookPoint: [Int]]
    /// Active features of the held tokens: `[sae][token]`.
    private var held: [[[ActiveFeature]]]
    /// Activations of the held tokens, `[tokens, d_in]`, for each SAE whose features depend on all of them.
    private var rows: [Int: [Float]] = [:]

    /// - Parameters:
    ///   - saes: Each made for a hook point of this model.
    ///   - capacity: Longest text in tokens.
    /// - Throws: `AnalysisError` or `ModelError` when an SAE does not belong to the model.
    public init(
        _ model: LanguageModel, saes: [any SparseAutoencoder], precision: Precision, capacity: Int? = nil
    ) throws {
        self.model = model
        self.saes = saes
        var readers: [HookPoint: [Int]] = [:]
        for (index, sae) in saes.enumerated() {
            readers[try SAEFit.hook(of: sae, in: model), default: []].append(index)
        }
        self.readers = readers
        session = ModelSession(model, precision: precision, capacity: capacity)
        held = Array(repeating: [], count: saes.count)
        for (index, sae) in saes.enumerated() where sae.needsWholeSequence { rows[index] = [] }
    }

    /// Longest text in tokens.
    public var capacity: Int { session.capacity }

    /// Tokens that the encoder holds.
    public var tokens: [TokenID] { session.tokens() }

    /// Active features of the held tokens: `[sae][token]`, each by falling activation.
    public var features: [[[ActiveFeature]]] { held }

    /// Makes the encoder hold `tokens`.
    ///
    /// - Parameter logits: Logits to compute as well; those of all tokens read the whole text anew.
    /// - Returns: How many leading tokens were held already, and the logits.
    /// - Throws: `CancellationError`; the encoder then holds a prefix.
    @discardableResult
    public func read(
        _ tokens: [TokenID], logits: LogitsRequest = .none, isCancelled: () -> Bool = { false }
    ) throws -> ReadResult {
        defer { truncate() }
        // Nothing may be left over from a longer text when rows arrive for the new one.
        let common = zip(session.tokens(), tokens).prefix { $0 == $1 }.count
        if common < session.tokens().count { session.truncate(to: common) }
        truncate()
        return try session.read(
            tokens, hooks: hooks, logits: logits, recomputing: logits == .all ? tokens.count : 0,
            isCancelled: isCancelled)
    }

    /// Appends one token and returns the logits after it, `[1, vocab]`.
    public func append(_ token: TokenID, isCancelled: () -> Bool = { false }) throws -> FloatMatrix {
        defer { truncate() }
        return try session.append([[token]], slots: [0], hooks: hooks, logits: .last, isCancelled: isCancelled)
    }

    private var hooks: HookSet {
        HookSet(Set(readers.keys)) { [self] activation in
            for index in readers[activation.point] ?? [] {
                guard rows[index] == nil else {
                    for segment in activation.segments {
                        let start = activation.values + segment.firstRow * activation.width
                        read(
                            UnsafeBufferPointer(start: start, count: segment.count * activation.width),
                            from: segment.start, with: index)
                    }
                    continue
                }
                let rows = saes[index].encode(activation.values, tokens: activation.rows)
                for segment in activation.segments {
                    // A row may be computed again when deeper layers need it.
                    held[index].removeSubrange(min(segment.start, held[index].count)...)
                    held[index] += rows[segment.firstRow..<segment.firstRow + segment.count]
                }
            }
        }
    }

    /// Encodes the whole text anew with rows from `start` on replaced.
    private func read(_ values: UnsafeBufferPointer<Float>, from start: Int, with index: Int) {
        let sae = saes[index]
        var all = rows[index] ?? []
        all.removeSubrange(min(start * sae.info.dIn, all.count)...)
        all.append(contentsOf: values)
        held[index] = sae.encode(all, tokens: all.count / sae.info.dIn)
        rows[index] = all
    }

    private func truncate() {
        let length = session.tokens().count
        for index in held.indices where held[index].count > length {
            guard rows[index] == nil else {
                read(UnsafeBufferPointer(start: nil, count: 0), from: length, with: index)
                continue
            }
            held[index].removeSubrange(length...)
        }
    }
}

import TopsailCore
import TopsailModel
import TopsailSAE
import TopsailTensor

/// Measures an SAE on texts that it was not trained on: sparsity, reconstruction, and the model's loss with the
/// reconstruction in place of the real activations.
///
/// Special tokens and the first token of a context are neither measured nor replaced: SAEs here are not trained on
/// them, and their norms would drown everything else. What a chat template wrote is replaced, but no loss is taken on
/// it.
public final class ReconstructionEvaluation {
    private let model: LanguageModel
    private let sae: any SparseAutoencoder
    private let hook: HookPoint
    private let session: ModelSession
    private let contextLength: Int

    /// - Throws: `AnalysisError` when the SAE does not fit the model.
    public init(
        model: LanguageModel, sae: any SparseAutoencoder, hook: HookPoint? = nil, precision: Precision,
        contextLength: Int = 512
    ) throws {
        self.model = model
        self.sae = sae
        self.hook = try SAEFit.hook(of: sae, in: model, override: hook)
        session = ModelSession(model, precision: precision, capacity: contextLength, maximumRows: 128)
        self.contextLength = session.capacity
    }

    private enum Intervention {
        case none, reconstruct, ablate
    }

    /// Reads the texts three times each.
    ///
    /// - Parameter progress: Called with the texts done.
    public func run(
        _ texts: [ReadableText], isCancelled: () -> Bool = { false }, progress: (Int) -> Void = { _ in }
    ) throws -> ReconstructionReport {
        var quality = SAEQuality(dOut: sae.info.dOut, dSAE: sae.info.dSAE)
        var losses = [0.0, 0.0, 0.0]
        var targets = 0
        for (index, text) in texts.enumerated() {
            for start in stride(from: 0, to: text.count, by: contextLength) {
                let positions = start..<min(start + contextLength, text.count)
                let piece = Piece(text, positions, isSpecial: model.tokenizer.isSpecial)
                targets += piece.targets.count { $0 != nil }
                for (place, intervention) in [Intervention.none, .reconstruct, .ablate].enumerated() {
                    losses[place] += try loss(piece, intervention, &quality, isCancelled)
                }
            }
            progress(index + 1)
        }
        let count = Double(max(targets, 1))
        return ReconstructionReport(
            tokens: quality.tokens, l0: quality.l0, mse: quality.mse, explainedVariance: quality.explainedVariance,
            cosine: quality.cosine, l2Ratio: quality.l2Ratio, deadFraction: quality.deadFraction,
            denseFraction: quality.denseFraction(), ceClean: losses[0] / count, ceReconstructed: losses[1] / count,
            ceAblated: losses[2] / count)
    }

    /// One context of a text.
    private struct Piece {
        var tokens: ArraySlice<TokenID>
        /// Rows that are measured.
        var counted: [Bool]
        /// Rows that are replaced.
        var replaced: [Bool]
        /// What each row has to predict; `nil` where no loss is taken.
        var targets: [TokenID?]

        init(_ text: ReadableText, _ positions: Range<Int>, isSpecial: (TokenID) -> Bool) {
            tokens = text.tokens[positions]
            counted = positions.map { text.isCounted[$0] && $0 > positions.lowerBound }
            replaced = positions.map { $0 > positions.lowerBound && !isSpecial(text.tokens[$0]) }
            targets = positions.map { position in
                let next = position + 1
                return next < positions.upperBound && text.isCounted[next] ? text.tokens[next] : nil
            }
        }
    }

    /// The sum of the losses of a piece's targets.
    private func loss(
        _ piece: Piece, _ intervention: Intervention, _ quality: inout SAEQuality, _ isCancelled: () -> Bool
    ) throws -> Double {
        var measured = quality
        let hooks = HookSet([hook]) { [self] activation in
            let start = activation.segments[0].start
            let width = activation.width
            // The rows to measure, or what takes the rows' place: their reconstruction, or zeros.
            let rows = FloatMatrix(rows: activation.rows, columns: width)
            if intervention == .reconstruct {
                sae.reconstruct(activation.values, tokens: activation.rows, into: rows.pointer)
            }
            var counted = 0
            for row in 0..<activation.rows {
                let values = activation.values + row * width
                if intervention == .none, piece.counted[start + row] {
                    rows.row(counted).baseAddress!.update(from: values, count: width)
                    counted += 1
                } else if intervention != .none, piece.replaced[start + row] {
                    values.update(from: rows.pointer + row * width, count: width)
                }
            }
            measured.measure(sae, on: rows.pointer, rows: counted)
        }
        session.truncate(to: 0)
        let logits = try session.append(
            [piece.tokens], slots: [0], hooks: hooks, logits: .all, isCancelled: isCancelled)
        quality = measured
        return CrossEntropy.rows(logits, targets: piece.targets).reduce(0, +)
    }
}

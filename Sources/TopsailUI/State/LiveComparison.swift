import TopsailCore
import TopsailEngine

/// A prompt that is held while another is typed, to be compared with it.
public struct HeldPrompt: Sendable, Hashable {
    public var text: String
    public var sequence: LiveSequence
}

extension LiveState {
    /// Neurons by how much their peak changed from the held prompt to the one on show, largest gain first.
    ///
    /// Peaks are normalised where both can be; neurons that fire on neither are left out.
    func changes(isGain: Bool) -> [LiveRow] {
        guard let held, refusal == nil else { return [] }
        var before: [NeuronKey: LiveSequence.Peak] = [:]
        for peak in held.sequence.peaks { before[key(of: peak.feature, in: held.sequence.saes)] = peak }
        var rows: [(row: LiveRow, change: Float)] = []
        for peak in sequence.peaks {
            let key = key(of: peak.feature)
            let old = before.removeValue(forKey: key)
            let row = LiveRow(
                key: key, feature: peak.feature, token: peak.token, isPinned: pins.contains(key), before: old?.feature)
            rows.append((row, Self.strength(peak.feature) - Self.strength(old?.feature)))
        }
        for (key, peak) in before {
            let row = LiveRow(
                key: key, feature: nil, token: nil, isPinned: pins.contains(key), before: peak.feature)
            rows.append((row, -Self.strength(peak.feature)))
        }
        return rows.filter { isGain ? $0.change > 0 : $0.change < 0 }
            .sorted { left, right in
                left.change != right.change
                    ? abs(left.change) > abs(right.change)
                    : (left.row.key.sae, left.row.key.index) < (right.row.key.sae, right.row.key.index)
            }
            .map(\.row)
    }

    private static func strength(_ feature: LiveFeature?) -> Float {
        guard let feature else { return 0 }
        return feature.normalised ?? 0
    }

    func key(of feature: LiveFeature, in saes: [LiveSAE]) -> NeuronKey {
        NeuronKey(sae: saes.indices.contains(feature.sae) ? saes[feature.sae].name : "", index: feature.index)
    }
}

extension LiveSequence {
    /// The same without an answer.
    var promptOnly: LiveSequence {
        LiveSequence(
            LiveReport(
                saes: saes, tokens: Array(tokens[..<promptCount]), categories: [], reusedTokens: 0, elapsed: .zero))
    }
}

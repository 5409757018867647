import TerminalKit
import TopsailCore
import TopsailEngine

/// The tokens of Live as a strip, with the words for its title.
struct LiveStrip {
    var strip: TokenStrip
    /// What the colours stand for: `by 7714 locks`.
    var subject: String
    /// What the strongest colour means: `0 … 11.8`.
    var scale: String

    init(_ state: ExplorerState) {
        let live = state.live
        let levels = Self.levels(of: [live.sequence], state)
        let chips = live.sequence.tokens.enumerated().map { index, token in
            TokenChip(
                Self.chip(token.spelling), level: levels.values[0][index], breaksLine: token.text.hasSuffix("\n"))
        }
        // While the prompt is typed there is no token to stand on.
        let selected = live.pane == .prompt ? nil : live.selectedToken
        strip = TokenStrip(chips, selected: selected, showsBars: state.showsBars)
        subject = levels.subject
        scale = levels.highest > 0 ? "0 … \(levels.format(levels.highest))" : ""
    }

    /// A token without text would take no place at all.
    static func chip(_ text: String) -> String {
        let shown = PrintableText.chip(text)
        return shown.isEmpty ? "∅" : shown
    }

    struct Levels {
        /// By sequence, one a token, `0 ... 1`.
        var values: [[Double]]
        var highest: Double
        var subject: String
        var format: (Double) -> String
    }

    /// Scaled by the largest value of the counted tokens; special and first tokens are held to the top of the scale.
    ///
    /// Several sequences share one scale.
    static func levels(of sequences: [LiveSequence], _ state: ExplorerState) -> Levels {
        let found = sequences.map { raw($0, state) }
        let counted =
            zip(found, sequences).lazy.compactMap { found, sequence in
                zip(found.values, sequence.tokens).lazy.filter { $0.1.isCounted }.map(\.0).max()
            }.max() ?? 0
        // What fires on special tokens alone is still worth seeing.
        let highest = counted > 0 ? counted : found.compactMap { $0.values.max() }.max() ?? 0
        return Levels(
            values: found.map { $0.values.map { highest > 0 ? min(1, $0 / highest) : 0 } }, highest: highest,
            subject: found.last?.subject ?? "", format: found.last?.format ?? { "\($0)" })
    }

    private static func raw(
        _ sequence: LiveSequence, _ state: ExplorerState
    ) -> (values: [Double], subject: String, format: (Double) -> String) {
        let live = state.live
        let tokens = sequence.tokens
        var format: (Double) -> String = { Figures.activation(Float($0)) }
        var raw = [Double](repeating: 0, count: tokens.count)
        var subject = "no colour"
        switch live.colouring {
        case .neuron:
            if let key = live.selectedNeuron {
                subject = "by " + state.describe(key)
                if let sae = sequence.saeIndex(named: key.sae) {
                    raw = tokens.indices.map { token in
                        sequence.feature(sae: sae, index: key.index, at: token).map { Double($0.activation) } ?? 0
                    }
                }
            } else {
                subject = "by neuron"
            }
        case .strongest:
            subject = "by their strongest neuron, normalised"
            format = { Figures.share($0) }
            raw = tokens.map { token in Double(max(0, token.features.first?.normalised ?? 0)) }
        case .category:
            subject = "by category"
            format = { Figures.share($0) }
            if let category = live.selectedCategory {
                subject = "by \(category.label), \(category.basis)"
                for evidence in category.evidence where raw.indices.contains(evidence.token) {
                    raw[evidence.token] = max(raw[evidence.token], Double(evidence.feature.normalised ?? 0))
                }
            }
        case .surprisal:
            subject = "by surprisal, nats"
            raw = tokens.map { Double($0.surprisal ?? 0) }
        case .none: break
        }
        return (raw, subject, format)
    }
}

extension ExplorerState {
    /// A neuron's short name with what it stands for: `7714 locks`.
    func describe(_ key: NeuronKey) -> String {
        let label = labels[key]?.text.map { " " + PrintableText.printable($0) } ?? ""
        return name(of: key) + label
    }
}

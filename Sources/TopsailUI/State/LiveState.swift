import TerminalKit
import TopsailCore
import TopsailEngine

/// The second screen: a prompt, its tokens, the neurons that fire on them, the model's answer.
public struct LiveState: Sendable {
    public enum Pane: Int, Sendable, Hashable, CaseIterable {
        case prompt, tokens, atToken, wholePrompt, meter, answer
    }

    /// Whether the model can be asked.
    public enum Model: Sendable, Hashable {
        case unloaded
        case loading(since: Duration)
        case ready
        case failed(String)
        /// There is none, as the sentence says, and that is as it should be.
        case absent(String)
    }

    /// What the background of tokens stands for.
    public enum Colouring: String, Sendable, Hashable, CaseIterable {
        /// The selected neuron, or the first pinned one.
        case neuron
        /// The strongest neuron of each token.
        case strongest
        /// The evidence of the category selected in the meter.
        case category
        case surprisal
        case none
    }

    public enum Answer: Sendable, Hashable {
        case none
        case running(since: Duration)
        /// `endOfTurn`: the model ended its turn; else the limit was reached.
        case finished(endOfTurn: Bool, took: Duration)
        case stopped

        public var isRunning: Bool { if case .running = self { true } else { false } }
    }

    public var pane = Pane.prompt
    public var isZoomed = false
    public var editor: TextEditor
    public var usesChatTemplate = true
    /// Instead of the template's own; `nil` keeps that.
    public var systemMessage: String?
    /// The prompt that the one on show is compared with.
    public var held: HeldPrompt?
    /// The prompt to be compared with the one that is being read.
    public var following: String?
    public var model = Model.unloaded
    public var status: LiveStatus?

    /// Number of the last request; reports of earlier ones are dropped.
    public var generation = 0
    /// Number of the request that the tokens on show belong to.
    public var shownGeneration = 0
    public var answerGeneration = 0

    /// What is on show: the prompt as the model read it, then the answer.
    public var sequence = LiveSequence()
    public var categories: [CategoryScore] = []
    public var answer = Answer.none
    /// How answers are written in this sitting.
    public var sampling = AnswerOptions()
    /// Tokens of the answer that an earlier run wrote.
    public var writtenBefore = 0
    /// Why the prompt could not be read; nothing of an earlier one is on show then.
    public var refusal: String?
    public var elapsed: Duration?
    public var reusedTokens = 0

    /// `nil`: the newest token of the prompt or answer.
    public var pickedToken: Int?
    public var firstTokenRow = 0
    /// The token that row begins with, which stays at the top when the width changes.
    var firstToken: Int?
    /// The width that the rows of tokens were counted for.
    var tokensWidth = 0
    /// Rows that the tokens take at the width of the screen.
    public var tokenRows = 1
    public var atCursor = ListCursor()
    public var wholeCursor = ListCursor()
    public var meterCursor = ListCursor()
    /// The answer to a prompt that has been changed since.
    public var earlierAnswer: String?
    /// Rows scrolled up from the answer's end.
    public var answerScroll = 0
    public var pins: [NeuronKey] = []
    public var colouring = Colouring.neuron
    public var isByLayer = false
    /// The file of prompts that was read last, as a whole.
    public var batch: LiveBatch?
    /// Number of the last batch; rows of earlier ones are dropped.
    public var batchGeneration = 0

    public init(history: [String] = []) {
        editor = TextEditor()
        editor.history = InputHistory(history)
    }
}

extension LiveState {
    public var saes: [LiveSAE] { sequence.saes.isEmpty ? status?.saes ?? [] : sequence.saes }
    public var hasChatTemplate: Bool { status?.hasChatTemplate ?? true }
    /// Whether what is on show answers an earlier prompt than the one in the editor.
    public var isBehind: Bool { shownGeneration < generation }

    /// What the answer's pane says.
    public var answerText: String { earlierAnswer ?? sequence.answerText }

    /// Puts the answer's text aside, because the tokens it belongs to are about to go.
    mutating func keepAnswer() {
        let text = sequence.answerText
        if !text.isEmpty { earlierAnswer = text }
    }

    private var isChat: Bool { usesChatTemplate && hasChatTemplate }
    /// The person's own system message, where there is a template to put it in.
    var ownSystemMessage: String? { isChat ? systemMessage : nil }

    public var request: LiveRequest {
        LiveRequest(
            text: editor.text, usesChatTemplate: isChat, systemMessage: ownSystemMessage,
            wantsSurprisal: colouring == .surprisal)
    }

    /// Why there is no answer to go on with; `nil` when there is.
    var whyNotContinued: String? {
        if answer.isRunning { return "the answer is still being written" }
        if earlierAnswer != nil || sequence.answerTokens.isEmpty { return "there is no answer to go on with" }
        if case .finished(endOfTurn: true, took: _) = answer { return "the model has ended its turn" }
        return nil
    }

    /// Index of the token that the lists are about; `nil` when there are none.
    public var selectedToken: Int? {
        guard !sequence.tokens.isEmpty else { return nil }
        if let pickedToken { return min(pickedToken, sequence.tokens.count - 1) }
        if sequence.promptCount < sequence.tokens.count { return sequence.tokens.count - 1 }
        return sequence.tokens.lastIndex { $0.origin == .prompt && $0.isCounted } ?? sequence.tokens.count - 1
    }

    public var selectedNeuron: NeuronKey? {
        switch pane {
        case .prompt: pins.first ?? (held == nil ? wholeRows : atRows).first?.key
        case .tokens, .atToken, .answer:
            atRows.indices.contains(atCursor.selected) ? atRows[atCursor.selected].key : nil
        case .wholePrompt:
            wholeRows.indices.contains(wholeCursor.selected) ? wholeRows[wholeCursor.selected].key : nil
        case .meter: selectedCategory?.evidence.first.map { key(of: $0.feature) }
        }
    }

    /// The meter's rows: highest score first, equals in taxonomy order.
    public var rankedCategories: [CategoryScore] {
        categories.enumerated().sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }.map(\.element)
    }

    public var selectedCategory: CategoryScore? {
        let ranked = rankedCategories
        return ranked.indices.contains(meterCursor.selected) ? ranked[meterCursor.selected] : nil
    }

    func key(of feature: LiveFeature) -> NeuronKey {
        NeuronKey(sae: saes.indices.contains(feature.sae) ? saes[feature.sae].name : "", index: feature.index)
    }
}

/// A line of a live list.
public struct LiveRow: Sendable, Hashable {
    public var key: NeuronKey
    /// `nil` for a pinned neuron that does not fire.
    public var feature: LiveFeature?
    /// Index of the token with the strongest activation.
    public var token: Int?
    public var isPinned: Bool
    /// Its peak in the held prompt; `nil` where it is silent, or nothing is held.
    public var before: LiveFeature? = nil
}

extension LiveState {
    /// Neurons of the selected token: pinned ones, then by falling rank, or by layer first. With a prompt held: what the
    /// other gains.
    public var atRows: [LiveRow] {
        if held != nil { return changes(isGain: true) }
        guard let token = selectedToken else {
            return pins.map { LiveRow(key: $0, feature: nil, token: nil, isPinned: true) }
        }
        var features = sequence.tokens[token].features
        if isByLayer { features = Self.byLayer(features) }
        let rows = features.map { LiveRow(key: key(of: $0), feature: $0, token: token, isPinned: false) }
        return pinned(among: rows) + rows.filter { !pins.contains($0.key) }
    }

    /// Neurons of all counted tokens: pinned ones, then by falling rank of their peak. With a prompt held: what the other
    /// loses.
    public var wholeRows: [LiveRow] {
        if held != nil { return changes(isGain: false) }
        let rows = sequence.peaks.map { peak in
            LiveRow(key: key(of: peak.feature), feature: peak.feature, token: peak.token, isPinned: false)
        }
        return pinned(among: rows) + rows.filter { !pins.contains($0.key) }
    }

    private func pinned(among rows: [LiveRow]) -> [LiveRow] {
        pins.map { pin in
            var row = rows.first { $0.key == pin } ?? LiveRow(key: pin, feature: nil, token: nil, isPinned: true)
            row.isPinned = true
            return row
        }
    }

    private static func byLayer(_ features: [LiveFeature]) -> [LiveFeature] {
        features.enumerated().sorted { ($0.element.sae, $0.offset) < ($1.element.sae, $1.offset) }.map(\.element)
    }
}

/// Where a binding holds. Several contexts are active at once, the innermost first.
public enum KeyContext: Sendable, Hashable, CaseIterable {
    case tree, table, detail, side
    case browse
    case promptEditor
    case tokens, neuronLists, meter, answerPane
    case live
    case concepts, pairs
    /// Neurons found by contrast.
    case contrastNeurons
    case contrast
    case checkpoints
    /// Every screen, unless a text editor has the keys.
    case anywhere
    /// Every screen, text editors included; printable keys are never bound here.
    case always

    /// Where that is, in words.
    public var title: String {
        switch self {
        case .tree: "Browse: categories"
        case .table: "Browse: neurons"
        case .detail: "Browse: one neuron"
        case .side: "Browse: nearest neurons"
        case .browse: "Browse"
        case .promptEditor: "Live: prompt"
        case .tokens: "Live: tokens"
        case .neuronLists: "Live: lists of neurons"
        case .meter: "Live: meter"
        case .answerPane: "Live: answer"
        case .live: "Live"
        case .concepts: "Contrast: concepts and SAEs"
        case .pairs: "Contrast: pairs"
        case .contrastNeurons: "Contrast: neurons"
        case .contrast: "Contrast"
        case .checkpoints: "Checkpoints"
        case .anywhere: "Everywhere, unless a text is being written"
        case .always: "Everywhere"
        }
    }
}

extension ExplorerState {
    /// The contexts whose bindings hold now; empty while an overlay or a filter line has the keys.
    var keyContexts: [KeyContext] {
        switch screen {
        case .browse:
            let pane: KeyContext =
                switch browse.pane {
                case .tree: .tree
                case .table: .table
                case .detail: .detail
                case .side: .side
                }
            return pane.stack
        case .live:
            switch live.pane {
            case .prompt: return KeyContext.promptEditor.stack
            case .tokens: return KeyContext.tokens.stack
            case .atToken, .wholePrompt: return KeyContext.neuronLists.stack
            case .meter: return KeyContext.meter.stack
            case .answer: return KeyContext.answerPane.stack
            }
        case .contrast:
            let pane: KeyContext =
                switch contrast.pane {
                case .concepts, .saes: .concepts
                case .neurons: .contrastNeurons
                case .pairs: .pairs
                }
            return pane.stack
        case .checkpoints: return KeyContext.checkpoints.stack
        }
    }
}

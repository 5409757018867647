import TerminalKit
import TopsailEngine

/// A screen with a number in the tab bar.
public enum Screen: Int, Sendable, Hashable, CaseIterable {
    case browse = 1
    case live = 2
    case contrast = 3
    case checkpoints = 4

    public var title: String {
        switch self {
        case .browse: "Browse"
        case .live: "Live"
        case .contrast: "Contrast"
        case .checkpoints: "Checkpoints"
        }
    }
}

/// Everything that the explorer shows, as a value.
///
/// `Explorer.reduce` is the only code that changes it in answer to events; `Explorer.frame` draws it.
public struct ExplorerState: Sendable {
    public var size: Size
    public var theme: Theme
    /// Which keys ask for what.
    public var keys = KeyMap.standard
    public var screen = Screen.browse
    /// `nil` until the catalog has answered.
    public var summary: LibrarySummary?
    public var categories = CategoryCounts()
    public var browse = BrowseState()
    public var live: LiveState
    public var contrast = ContrastState()
    public var checkpoints = CheckpointsState()
    /// Work under way, oldest first.
    public var jobs: [Job] = []
    /// The commands that show again what was shown so far, the latest last.
    public var commands: [String] = []
    /// What Alt and digits were typed before a movement.
    public var repeats: Int?
    /// Slugs of categories whose neurons' texts are hidden until asked for.
    public var shielded: Set<String> = []
    /// The neuron whose texts were asked for although they are hidden.
    public var unveiled: NeuronKey?
    public var overlay: Overlay?
    /// `nil` while nobody is shown around.
    public var tour: Tour?
    public var history = PlaceHistory()
    public var search = TextSearch()
    public var toasts = ToastStack()
    /// Every toast there was, oldest first.
    public var messages: [String] = []
    /// Time since the start, as the last tick said.
    public var now: Duration = .zero
    /// A row of bars under the tokens, at any colour depth.
    public var showsBars = false
    public var isMouseOurs = true
    /// Where a person moved the borders between panes.
    public var splits: SplitMoves = [:]
    /// The border under the mouse.
    var drag: SplitDrag?
    /// When Ctrl-C was last pressed with nothing to cancel.
    public var lastInterrupt: Duration?
    /// What is known of neurons that live lists show.
    public var labels: [NeuronKey: NeuronLabel] = [:]
    /// Set once the explorer was asked to end.
    public var isQuitting = false

    /// - Parameters:
    ///   - promptHistory: Prompts of earlier sessions, oldest first; likewise `filterHistory`.
    public init(size: Size, theme: Theme, promptHistory: [String] = [], filterHistory: [String] = []) {
        self.size = size
        self.theme = theme
        live = LiveState(history: promptHistory)
        browse.filterHistory = InputHistory(filterHistory)
    }
}

extension ExplorerState {
    /// Fewer cells than this and only a card is shown.
    public static let minimumSize = Size(width: 60, height: 16)
    public var isTooSmall: Bool { size.width < Self.minimumSize.width || size.height < Self.minimumSize.height }

    var seconds: Double { now.inSeconds }

    mutating func say(_ text: String, kind: ToastStack.Kind = .info) {
        // The same error at every key would hide everything else.
        if kind == .error, toasts.toasts.contains(where: { $0.text == text }) { return }
        toasts.add(text, kind: kind, now: seconds)
        messages.append(text)
        if messages.count > 500 { messages.removeFirst(messages.count - 500) }
    }

    /// The neuron's name in lists: the index alone where there is one SAE.
    public func name(of key: NeuronKey) -> String {
        summary?.shortName(of: key) ?? "\(key.sae)/\(key.index)"
    }

    /// The neuron's full name, as commands take it.
    public func fullName(of key: NeuronKey) -> String {
        summary?.id(of: key).description ?? "\(key.sae)/\(key.index)"
    }

    /// The neurons that a command acts on: marks if there are any, else the one that has the attention.
    public var targets: [NeuronKey] {
        if screen == .browse, !browse.marks.isEmpty { return browse.marks }
        if screen == .contrast, !contrast.marks.isEmpty { return contrast.marks }
        return current.map { [$0] } ?? []
    }

    /// The neuron that has the attention.
    public var current: NeuronKey? {
        switch screen {
        case .browse: browse.opened ?? browse.selected?.key
        case .live: live.selectedNeuron
        case .contrast: contrast.selectedNeuron
        case .checkpoints: nil
        }
    }
}

extension Duration {
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}

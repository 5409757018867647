/// The tour: hints over the real screens, one at a time. Keys do what they always do; doing what a hint says leads to the
/// next one.
public struct Tour: Sendable, Hashable {
    public enum Step: Int, Sendable, Hashable, CaseIterable {
        case neurons, page, filter, live, prompt
    }

    public internal(set) var step = Step.neurons

    public init() {}
}

extension Tour.Step {
    /// The screen that the hint is about.
    var screen: Screen { self == .prompt ? .live : .browse }

    /// - Parameter state: Whose keys are named.
    func words(_ state: ExplorerState) -> [String] {
        func key(_ action: Action) -> String { state.keyName(of: action, in: [.table, .anywhere]) }
        return switch self {
        case .neurons:
            [
                "Neurons, with what each stands for.",
                "\(key(.down)) and \(key(.up)) move, \(key(.left)) goes to the categories.",
                "\(key(.open)) reads about one.",
            ]
        case .page:
            [
                "Where it fires, and how sure that is.",
                "\(key(.tag)) tags it, \(key(.explain)) explains it, \(key(.undo)) undoes.",
                "\(key(.left)) goes back; \(key(.filter)) filters the list.",
            ]
        case .filter:
            ["Words, and fields: max>5 layer:14 tag:…", "Tab completes, Up recalls.", "Enter keeps the filter."]
        case .live:
            [
                "\(key(.back)) takes a filter off again.", "\(key(.showLive)) goes to Live, where neurons",
                "fire on what you type.",
            ]
        case .prompt:
            [
                "Type a prompt: its tokens follow.", "\(key(.answer)) lets the model answer.",
                "\(key(.help)) lists the keys, once \(key(.leaveEditor)) left the editor.",
            ]
        }
    }
}

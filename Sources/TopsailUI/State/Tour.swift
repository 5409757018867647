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

    var words: [String] {
        switch self {
        case .neurons:
            [
                "Neurons, with what each stands for.", "j and k move, h goes to the categories.",
                "Enter reads about one.",
            ]
        case .page:
            [
                "Where it fires, and how sure that is.", "t tags it, e explains it, u undoes.",
                "h goes back; / filters the list.",
            ]
        case .filter:
            ["Words, and fields: max>5 layer:14 tag:…", "Tab completes, Up recalls.", "Enter keeps the filter."]
        case .live:
            ["Esc takes a filter off again.", "2 goes to Live, where neurons", "fire on what you type."]
        case .prompt:
            [
                "Type a prompt: its tokens follow.", "Enter lets the model answer.",
                "? lists the keys, once Esc left the editor.",
            ]
        }
    }
}

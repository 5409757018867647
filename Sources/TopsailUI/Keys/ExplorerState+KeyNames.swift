import TerminalKit

/// Keys as sentences on the screen name them.
extension ExplorerState {
    /// The key that asks for an action here, else anywhere; how to run it by name when it has none.
    ///
    /// - Parameter contexts: Where it is asked for, if not where the focus is.
    func keyName(of action: Action, in contexts: [KeyContext]? = nil) -> String {
        keys.chord(for: action, in: contexts ?? keyContexts)?.description ?? commandName(of: action)
    }

    /// How the palette runs an action: `:tour`.
    func commandName(of action: Action) -> String {
        let palette = keys.chord(for: .palette, in: [.anywhere])?.description ?? ""
        return palette + (palette.count > 1 ? " " : "") + action.rawValue.replacing("-", with: " ")
    }

    /// Whether a key asks for an action in any context.
    func isKey(_ chord: KeyChord, of action: Action) -> Bool {
        keys.bindings.contains { $0.action == action && $0.chords.contains(chord) }
    }

    /// The key that takes the filter off: Esc in its line, else the one that steps out.
    var clearingKeyName: String {
        let isWriting =
            switch screen {
            case .browse: browse.filterLine != nil
            case .contrast: contrast.filterLine != nil
            case .live, .checkpoints: false
            }
        return isWriting ? KeyChord(.escape).description : keyName(of: .back)
    }

    /// The screens, with the keys that lead to them.
    var tabBar: TabBar {
        let keys = Screen.allCases.map { screen in
            self.keys.chord(for: screen.action, in: [.anywhere])?.description ?? ""
        }
        return TabBar(
            Screen.allCases.map(\.title), selected: Screen.allCases.firstIndex(of: screen)!, keys: keys)
    }
}

extension Screen {
    /// What shows it.
    fileprivate var action: Action {
        switch self {
        case .browse: .showBrowse
        case .live: .showLive
        case .contrast: .showContrast
        case .checkpoints: .showCheckpoints
        }
    }
}

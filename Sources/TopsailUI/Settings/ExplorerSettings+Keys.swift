import TerminalKit

/// The explorer's keys as they stand in the file: `filter = ["/", "F3"]`, below `[keys]`.
extension ExplorerSettings {
    /// The name of the section that has them.
    static let keysSection = "keys"

    /// How the section works, in one sentence each.
    public static let aboutKeys = [
        "The explorer's keys by action, as they are without this file; the list of a line takes the place of an action's keys.",
        "Keys that an action has anyway stay in the panes where it has them; new ones hold wherever the action does.",
        "Where texts are written, keys that type are left out; an action that is given no others keeps its standard keys there.",
        "[] takes all keys of an action away; the command palette still runs it.",
        "Keys are named d, D, Ctrl-D, Alt-d, F3, Space, Enter, Tab, Shift-Tab, Esc, Backspace, Del, Ins, Up, Home, PgDn.",
    ]

    /// Every action with its standard keys, commented out.
    static var commentedKeys: String {
        let map = KeyMap.standard
        return map.actions.reduce(into: aboutKeys.map { "# \($0)\n" }.joined() + "[\(keysSection)]\n") { text, action in
            let bindings = map.bindings.filter { $0.action == action }
            text += "# \(action.rawValue) = \(written(map.chords(of: action)))"
            if Set(bindings.map(\.long)).count == 1 {
                text += "  # \(bindings[0].long)\n"
            } else {
                text += "\n" + bindings.map { "#   \($0.context.title): \($0.long)\n" }.joined()
            }
        }
    }

    /// Keys as they would be written.
    static func written(_ chords: [KeyChord]) -> String {
        let names = chords.map { chord in
            let name = chord.description
            return name.contains("\"") || name.contains("\\") ? "'\(name)'" : "\"\(name)\""
        }
        return names.count == 1 ? names[0] : "[\(names.joined(separator: ", "))]"
    }

    /// The keys of an action as they would be written; `nil` where they are not set.
    public func keys(of action: Action) -> String? { chords[action].map(Self.written) }
}

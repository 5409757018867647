import TerminalKit
import TopsailCore

/// Reads the section of keys, and checks that they go together.
extension SettingsFile {
    /// What was read below `[keys]` so far.
    struct KeyLines {
        var chords: [Action: [KeyChord]] = [:]
        /// Where each action is set, counted from 1.
        private var lines: [Action: Int] = [:]
        private let path: String

        init(path: String) { self.path = path }

        /// Takes one line in: an action, and the names of its keys.
        mutating func read(_ name: String, _ value: SettingValue, line: Int) throws(Problem) {
            let place = "\(path), line \(line)"
            guard let action = Action(rawValue: name) else { throw unknown(name, place) }
            if let first = lines[action] {
                throw Problem(
                    description: "\(place): \(name) is there already, in line \(first)",
                    hint: "several keys of one action stand in a list, as in \(name) = [\"F3\", \"F4\"]")
            }
            let names: [String]
            switch value {
            case .text(let text): names = [text]
            case .list(let texts): names = texts
            case .number, .truth:
                throw Problem(
                    description: "\(place): \(name) takes the names of keys",
                    hint: "as in \(name) = \"F3\" or \(name) = [\"F3\", \"F4\"]; [] takes all keys away")
            }
            var read: [KeyChord] = []
            for name in names { read.append(try chord(name, for: action, place)) }
            try check(read, of: action, place)
            chords[action] = read
            lines[action] = line
        }

        /// Looks at the keys of all actions together.
        func finish() throws(Problem) {
            let map = KeyMap.standard
            guard let conflict = map.conflict(in: map.remappedBindings(chords)) else { return }
            // The later line is the one that was added to a file that worked.
            let isFirst = lines[conflict.first, default: 0] > lines[conflict.second, default: 0]
            let action = isFirst ? conflict.first : conflict.second
            let other = isFirst ? conflict.second : conflict.first
            throw Problem(
                description: "\(path), line \(lines[action, default: 0]): \(conflict.chord) would be both "
                    + "\(action.rawValue) and \(other.rawValue) (\(conflict.context.title))",
                hint: remedy(for: other, without: conflict.chord))
        }

        private func remedy(for other: Action, without chord: KeyChord) -> String {
            let name = other.rawValue
            if lines[other] != nil { return "leave it to one of them, and give the other one another key" }
            let rest = KeyMap.standard.chords(of: other).filter { $0 != chord }
            let line =
                rest.isEmpty
                ? "add a line \(name) = … with another key, or \(name) = [] for none"
                : "add \(name) = \(ExplorerSettings.written(rest)) to leave it the rest"
            return "\(chord) is standard for \(name); \(line)"
        }

        // MARK: One key

        private func chord(_ name: String, for action: Action, _ place: String) throws(Problem) -> KeyChord {
            let shown = PrintableText.printable(name)
            guard let chord = KeyChord(named: name), !name.contains(where: \.isControl) else {
                throw Problem(
                    description: "\(place): there is no key “\(shown)”, for \(action.rawValue)",
                    hint: "keys are named like d, D, Ctrl-D, Alt-d, F3, Space, Enter, PgDn, Shift-Tab")
            }
            if chord == Self.cancelling, action != .interrupt {
                throw Problem(
                    description: "\(place): \(chord) cannot be \(action.rawValue)",
                    hint: "it always cancels and, pressed twice, quits; take another key")
            }
            if let objection = chord.objection(as: shown) {
                throw Problem(
                    description: "\(place): \(shown) cannot be \(action.rawValue), \(objection.reason)",
                    hint: objection.remedy)
            }
            return chord
        }

        /// Ends what nothing else ends, so that Topsail can be left whatever became of the other keys.
        private static let cancelling = KeyChord("c", .control)

        // MARK: One action

        private func check(_ read: [KeyChord], of action: Action, _ place: String) throws(Problem) {
            if action == .interrupt, !read.contains(Self.cancelling) {
                let kept = ExplorerSettings.written([Self.cancelling] + read)
                throw Problem(
                    description: "\(place): \(action.rawValue) has to keep \(Self.cancelling)",
                    hint: "whatever became of the other keys, it cancels and quits: \(action.rawValue) = \(kept)")
            }
            if action == .palette, read.isEmpty {
                throw Problem(
                    description: "\(place): \(action.rawValue) has to keep a key",
                    hint: "it runs every action that has none")
            }
            let held = KeyMap.standard.remappedBindings([action: read]).filter { $0.action == action }
            guard let lost = read.first(where: { chord in !held.contains { $0.chords.contains(chord) } }) else {
                return
            }
            throw Problem(
                description: "\(place): \(lost) cannot be \(action.rawValue), which is for where it types",
                hint: "take a letter with Ctrl or Alt, or F1 to F12")
        }

        private func unknown(_ name: String, _ place: String) -> Problem {
            let shown = PrintableText.printable(name)
            if ExplorerSettings.keys.contains(where: { $0.name == name }) {
                return Problem(
                    description: "\(place): \(shown) is a setting, not an action that has keys",
                    hint: "put it above [\(ExplorerSettings.keysSection)]")
            }
            let nearest = Action.allCases.map(\.rawValue)
                .min { EditDistance.between($0, name) < EditDistance.between($1, name) }
            return Problem(
                description: "\(place): there is no action “\(shown)”",
                hint: "did you mean \(nearest ?? "")? topsail config --default lists all")
        }
    }
}

extension Character {
    fileprivate var isControl: Bool { unicodeScalars.contains { $0.properties.generalCategory == .control } }
}

import TopsailUI

/// `topsail(1)`: every command out of the command tree, every key out of the explorer's binding table.
struct ManualPage {
    private let root: HelpDump.Command
    private let version: String

    init(_ dump: HelpDump, version: String) {
        root = dump.command
        self.version = version
    }

    var text: String {
        var page = Roff(title: "TOPSAIL", section: 1, source: "Topsail \(version)", manual: "Topsail")
        addOverview(to: &page)
        addCommands(to: &page)
        addKeys(to: &page)
        addSettings(to: &page)
        addPlaces(to: &page)
        return page.text
    }

    private func addOverview(to page: inout Roff) {
        page.section("NAME")
        page.plain("topsail - \(lowercasedStart(root.abstract ?? ""))")
        page.section("SYNOPSIS")
        page.literal(["topsail [OPTIONS]", "topsail COMMAND [OPTIONS] [ARGUMENTS]"])
        page.section("DESCRIPTION")
        addParagraphs(of: root.discussion, to: &page)
        page.section("OPTIONS OF EVERY COMMAND")
        for argument in shared { add(argument, to: &page) }
        page.item(Roff.bold("-h") + ", " + Roff.bold("--help"), "Show help, with an example.")
    }

    // MARK: Commands

    private func addCommands(to page: inout Roff) {
        page.section("COMMANDS")
        for command in leaves(of: root) {
            page.subsection(command.fullName)
            page.paragraph(command.abstract ?? "")
            let own = command.shownArguments.filter { !shared.contains($0) }
            page.literal([usage(of: command, own)])
            for argument in own { add(argument, to: &page) }
            addParagraphs(of: command.discussion, to: &page)
        }
    }

    /// Commands in the order of help, each before those below it; groups that do nothing themselves say what they are for.
    private func leaves(of command: HelpDump.Command) -> [HelpDump.Command] {
        command.shownSubcommands.flatMap { [$0] + leaves(of: $0) }
    }

    /// What every command takes: the options that the commands without others below them have in common.
    private var shared: [HelpDump.Argument] {
        let commands = leaves(of: root).filter { $0.shownSubcommands.isEmpty }
        guard let first = commands.first else { return [] }
        return first.shownArguments.filter { argument in commands.allSatisfy { $0.shownArguments.contains(argument) } }
    }

    private func usage(of command: HelpDump.Command, _ own: [HelpDump.Argument]) -> String {
        if !command.shownSubcommands.isEmpty, own.isEmpty { return "\(command.fullName) COMMAND" }
        let positions = own.filter(\.isPositional).map { argument in
            let name = (argument.valueName ?? "value").uppercased() + (argument.isRepeating ? "..." : "")
            return argument.isOptional ? "[\(name)]" : name
        }
        let needed = own.filter { !$0.isPositional && !$0.isOptional }.map {
            "\($0.preferredName?.spelling ?? "") \(($0.valueName ?? "value").uppercased())"
        }
        return ([command.fullName] + needed + ["[OPTIONS]"] + positions).joined(separator: " ")
    }

    private func add(_ argument: HelpDump.Argument, to page: inout Roff) {
        let value = Roff.italic((argument.valueName ?? "value").uppercased())
        let names = (argument.names ?? []).map { Roff.bold($0.spelling) }.joined(separator: ", ")
        let term = argument.isPositional ? value : names + (argument.takesValue ? " " + value : "")
        var words = [argument.abstract ?? ""]
        if let values = argument.allValues, !values.isEmpty {
            words.append("One of \(values.joined(separator: ", ")).")
        }
        if let standard = argument.defaultValue, argument.takesValue, !(argument.abstract ?? "").contains("default:") {
            words.append("Without it: \(standard).")
        }
        page.item(term, words.filter { !$0.isEmpty }.joined(separator: " "))
    }

    /// Indented lines are examples; the others are text.
    private func addParagraphs(of discussion: String?, to page: inout Roff) {
        for line in (discussion ?? "").split(separator: "\n") {
            let words = line.drop { $0 == " " }
            if words.hasPrefix("topsail ") {
                page.literal([String(words)])
            } else {
                page.paragraph(String(words))
            }
        }
    }

    // MARK: Explorer

    private func addKeys(to page: inout Roff) {
        page.section("KEYS OF THE EXPLORER")
        page.paragraph(
            "Those of a pane come before those of its screen, and those before what holds everywhere. Each can be changed in "
                + "config.toml, see SETTINGS.")
        for context in KeyContext.allCases {
            let bindings = KeyMap.standard.bindings.filter { $0.context == context && !$0.chords.isEmpty }
            guard !bindings.isEmpty else { continue }
            page.subsection(context.title)
            for binding in bindings {
                let keys = binding.chords.map { Roff.bold($0.description) }.joined(separator: ", ")
                page.item(keys, uppercasedStart(binding.long) + ".")
            }
        }
        let named = KeyMap.standard.bindings.filter { binding in
            binding.chords.isEmpty
                && !KeyMap.standard.bindings.contains { $0.action == binding.action && !$0.chords.isEmpty }
        }
        page.subsection("By name, after a colon")
        for binding in named { page.item(Roff.bold(binding.name), uppercasedStart(binding.long) + ".") }
    }

    private func addSettings(to page: inout Roff) {
        page.section("SETTINGS")
        page.paragraph("Keys of config.toml, each with its value where the file does not say; all are optional.")
        for key in ExplorerSettings.keys {
            let allowed = key.allowed.isEmpty ? "" : " One of \(key.allowed.joined(separator: ", "))."
            page.item(
                Roff.bold(key.name) + " = " + Roff.escaped(key.standard), uppercasedStart(key.about) + "." + allowed)
        }
        page.paragraph("Below a line [keys], the names of actions, each with a key or a list of keys:")
        page.literal(["[keys]", "filter = [\"/\", \"F3\"]"])
        for sentence in ExplorerSettings.aboutKeys { page.paragraph(sentence) }
    }

    private func addPlaces(to page: inout Roff) {
        page.section("ENVIRONMENT")
        page.item(Roff.bold("TOPSAIL_HOME"), "The workspace, unless --workspace names one.")
        page.item(Roff.bold("TOPSAIL_DATA"), "Where the shipped data are, if not in share/topsail beside the program.")
        page.item(Roff.bold("NO_COLOR"), "When set to anything, no colours are used.")
        page.item(Roff.bold("ACCESSIBLE"), "1 stands for --accessible.")
        page.section("FILES")
        page.item(Roff.escaped("$XDG_DATA_HOME/topsail"), "The workspace, where TOPSAIL_HOME is not set.")
        page.item(Roff.escaped("$XDG_CONFIG_HOME/topsail/config.toml"), "Settings.")
        page.item(
            Roff.escaped("$XDG_STATE_HOME/topsail"),
            "Prompts and filters of earlier sessions, which texts are hidden, and whether the tour was seen.")
        page.section("EXIT STATUS")
        page.item("0", "Done.")
        page.item("1", "Failed, as standard error says.")
        page.item("64", "Wrong usage.")
        page.item("130", "Interrupted.")
    }

    private func lowercasedStart(_ text: String) -> String {
        let sentence = text.last == "." ? text.dropLast() : text[...]
        return sentence.prefix(1).lowercased() + sentence.dropFirst()
    }

    private func uppercasedStart(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}

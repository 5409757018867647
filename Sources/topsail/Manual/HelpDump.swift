import ArgumentParser
import Foundation

/// The command tree as the argument parser describes it, as far as a manual needs it.
struct HelpDump: Decodable {
    var command: Command

    struct Command: Decodable {
        var commandName: String
        var abstract: String?
        var discussion: String?
        var superCommands: [String]?
        var shouldDisplay: Bool?
        var subcommands: [Command]?
        var arguments: [Argument]?

        /// `topsail tag add`.
        var fullName: String { ((superCommands ?? []) + [commandName]).joined(separator: " ") }

        var shownSubcommands: [Command] {
            (subcommands ?? []).filter { $0.shouldDisplay ?? true && $0.commandName != "help" }
        }

        /// Without those that every command has by itself.
        var shownArguments: [Argument] {
            (arguments ?? []).filter { $0.shouldDisplay && !["help", "version"].contains($0.preferredName?.name) }
        }
    }

    struct Argument: Decodable, Hashable {
        struct Name: Decodable, Hashable {
            var kind: String
            var name: String

            var spelling: String { (kind == "long" ? "--" : "-") + name }
        }

        var kind: String
        var shouldDisplay: Bool
        var isOptional: Bool
        var isRepeating: Bool
        var names: [Name]?
        var preferredName: Name?
        var valueName: String?
        var defaultValue: String?
        var allValues: [String]?
        var abstract: String?

        var isPositional: Bool { kind == "positional" }
        var takesValue: Bool { kind != "flag" }
    }

    /// Describes a command and all below it.
    static func read(_ root: any ParsableCommand.Type) throws -> HelpDump {
        try JSONDecoder().decode(HelpDump.self, from: Data(root._dumpHelp().utf8))
    }
}

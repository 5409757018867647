import ArgumentParser
import Foundation
import TopsailUI

/// `topsail config`: what is set, and what can be.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Show the explorer's settings, or all that can be set.",
        discussion: """
            Examples:
              topsail config
              topsail config --default > ~/.config/topsail/config.toml
            The file is $XDG_CONFIG_HOME/topsail/config.toml, else ~/.config/topsail/config.toml.
            """)

    @OptionGroup var common: CommonOptions
    @Flag(help: "Print a file with every setting and every key of the explorer, commented out.") var `default` = false
    @Flag(help: "Print the file's path.") var path = false

    func validate() throws {
        if `default`, path { throw ValidationError("give one of --default and --path") }
    }

    /// A value of the file as JSON.
    private static func json(_ value: String) -> JSONText {
        switch value {
        case "true", "false": .bool(value == "true")
        case _ where value.hasPrefix("["):
            .array(
                value.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
                    .filter { $0.offset % 2 == 1 }.map { .string(String($0.element)) })
        default: .string(value.filter { $0 != "\"" })
        }
    }

    func run() async throws {
        if `default` { return StandardOutput.write(ExplorerSettings.commentedDefault) }
        if path { return StandardOutput.line(SettingsPlace.path) }
        let settings = try SettingsPlace.load()
        if common.json {
            let values = ExplorerSettings.keys.map { key -> (String, JSONText) in
                let value = settings.value(of: key.name)
                return (key.name, .object(["value": Self.json(value ?? key.standard), "is_set": value != nil]))
            }
            return StandardOutput.line(
                JSONText.object([
                    "path": SettingsPlace.path, "exists": SettingsPlace.exists,
                    "settings": JSONText.object(values), "keys": JSONText.object(Self.keys(of: settings)),
                ])
                .line)
        }
        StandardOutput.line("# " + SettingsPlace.path + (SettingsPlace.exists ? "" : " (not there)"))
        Columns.print(
            ExplorerSettings.keys.map { key in
                let value = settings.value(of: key.name)
                return [key.name, "=", value ?? key.standard, value == nil ? "" : "# set"]
            })
        let remapped = KeyMap.standard.actions.compactMap { action in
            settings.keys(of: action).map { [action.rawValue, "=", $0, "# set"] }
        }
        guard !remapped.isEmpty else { return }
        StandardOutput.line("\n[keys]")
        Columns.print(remapped)
    }

    /// Every action of the explorer with its keys.
    private static func keys(of settings: ExplorerSettings) -> [(String, JSONText)] {
        let map = KeyMap.standard.remapped(settings.chords)
        return map.actions.map { action in
            let names = map.chords(of: action).map(\.description)
            return (
                action.rawValue,
                .object(["value": names, "is_set": settings.chords[action] != nil])
            )
        }
    }
}

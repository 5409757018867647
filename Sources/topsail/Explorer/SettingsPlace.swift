import Foundation
import TopsailUI

/// Where the settings file is: `$XDG_CONFIG_HOME/topsail/config.toml`.
enum SettingsPlace {
    static var path: String { UserFolder.config.path + "/config.toml" }

    static var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// - Returns: Empty settings when there is no file.
    /// - Throws: `SettingsFile.Problem`, or `CommandFailure` for a file that cannot be read.
    static func load() throws -> ExplorerSettings {
        guard exists else { return ExplorerSettings() }
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
        else {
            throw CommandFailure("\(path) cannot be read as text")
        }
        return try SettingsFile.parse(text, path: path)
    }
}

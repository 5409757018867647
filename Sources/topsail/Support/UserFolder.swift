import Foundation

/// Where a person's files of one kind are, by the XDG rules.
enum UserFolder: String {
    case config = "XDG_CONFIG_HOME"
    case state = "XDG_STATE_HOME"

    /// The folder that the variable names, else its usual place in `$HOME`. A relative path in the variable does not count.
    var path: String {
        let environment = ProcessInfo.processInfo.environment
        if let folder = environment[rawValue], folder.hasPrefix("/") { return folder + "/topsail" }
        // What a person sets goes before what the system's list of users says.
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
        return home + (self == .config ? "/.config" : "/.local/state") + "/topsail"
    }
}

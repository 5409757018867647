import Foundation

/// A hidden folder for what is being fetched, removed with everything in it when the value is let go.
///
/// It lies in the destination's folder, so that moving a file into place is a rename. Its name holds the process id: folders
/// that a killed process left behind are removed by the next one.
final class DownloadFolder {
    let path: String
    private static let prefix = ".fetching-"

    init(in parent: String) throws {
        Self.removeLeftovers(in: parent)
        path = "\(parent)/\(Self.prefix)\(getpid())"
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw SetupError.cannotInstall(path: parent, why: error.systemReason)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    private static func removeLeftovers(in parent: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where name.hasPrefix(prefix) {
            guard let owner = pid_t(name.dropFirst(prefix.count)) else { continue }
            if kill(owner, 0) != 0, errno == ESRCH { try? FileManager.default.removeItem(atPath: "\(parent)/\(name)") }
        }
    }
}

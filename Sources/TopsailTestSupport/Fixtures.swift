import Foundation

/// Golden files made by other people's implementations; a folder beside the repository, or `$TOPSAIL_FIXTURES`.
public enum Fixtures {
    /// The folder; it may not exist.
    public static let root: URL = {
        if let path = ProcessInfo.processInfo.environment["TOPSAIL_FIXTURES"] { return URL(fileURLWithPath: path) }
        let repository = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return repository.deletingLastPathComponent().appendingPathComponent("shared/fixtures")
    }()

    /// A file or folder below the root, e.g. `sae/saelens-topk`.
    public static func url(_ path: String) -> URL { root.appendingPathComponent(path) }

    /// Whether it is there; tests that need it are skipped when it is not.
    public static func has(_ path: String) -> Bool { FileManager.default.fileExists(atPath: url(path).path) }
}

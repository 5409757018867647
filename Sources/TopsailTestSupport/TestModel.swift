import Foundation

/// The real model that some tests read, which is too large to travel with them.
public enum TestModel {
    private static let fileName = "SmolLM2-135M-Instruct.Q4_1.gguf"

    /// `$TOPSAIL_TEST_MODEL`, else the file as `topsail setup` puts it into the workspace; `nil` when there is neither.
    public static let path: String? = {
        let environment = ProcessInfo.processInfo.environment
        let candidates = [environment["TOPSAIL_TEST_MODEL"], workspace(environment) + "/models/" + fileName]
        return candidates.compactMap(\.self).first { FileManager.default.fileExists(atPath: $0) }
    }()

    /// Why tests that need it are skipped.
    public static let reason = "\(fileName) is neither at $TOPSAIL_TEST_MODEL nor in the workspace"

    private static func workspace(_ environment: [String: String]) -> String {
        if let home = environment["TOPSAIL_HOME"] { return home }
        if let data = environment["XDG_DATA_HOME"] { return data + "/topsail" }
        return NSHomeDirectory() + "/.local/share/topsail"
    }
}

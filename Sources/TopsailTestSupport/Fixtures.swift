import Foundation
import TopsailFiles

/// Golden files made by other people's implementations; a folder beside the repository, or `$TOPSAIL_FIXTURES`.
///
/// A test that needs some of them is `.enabled(if: Fixtures.has("gguf"), "…")`, so that it is reported as skipped
/// without.
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

    /// The same as a path for readers that take one.
    public static func path(_ path: String) -> String { url(path).path }

    /// Whether it is there; tests that need it are skipped when it is not.
    public static func has(_ path: String) -> Bool { FileManager.default.fileExists(atPath: url(path).path) }

    /// The names of the files and folders in a folder, sorted; none when it is not there.
    public static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path(folder))) ?? []).sorted()
    }
}

// MARK: Contents

extension Fixtures {
    public static func data(_ path: String) throws -> Data { try Data(contentsOf: url(path)) }

    /// The content of a gzip file.
    public static func gunzipped(_ path: String) throws -> Data {
        try Gzip.decompress(data(path), limit: 1 << 28, name: path)
    }

    /// A JSON file, e.g. `bad/gguf-truncated/case.json`.
    public static func json(_ path: String) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: data(path))
    }

    /// A file with one JSON value a line.
    public static func jsonLines(_ path: String) throws -> [JSONValue] {
        try data(path).split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(JSONValue.self, from: $0) }
    }

    /// The expected arrays of a case.
    public static func tensors(_ path: String) throws -> SafetensorsFile { try SafetensorsFile(path: self.path(path)) }
}

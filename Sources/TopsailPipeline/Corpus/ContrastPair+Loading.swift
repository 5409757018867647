import Foundation
import TopsailAnalysis

extension ContrastPair {
    /// Reads a JSON Lines file of `{"concept", "present", "absent"}`; other keys are skipped.
    ///
    /// - Throws: `PipelineError` for a line that is not a pair, or when there is none.
    public static func load(path: String) throws -> [ContrastPair] {
        let pairs = try JSONLines.read(ContrastPair.self, path: path)
        guard !pairs.isEmpty else { throw PipelineError.empty(path: path, what: "pairs") }
        return pairs
    }

    /// Pairs as the JSON Lines that `load` reads.
    public static func lines(_ pairs: [ContrastPair]) throws -> Data {
        try pairs.reduce(into: Data()) { $0 += try JSONLines.line($1) }
    }
}

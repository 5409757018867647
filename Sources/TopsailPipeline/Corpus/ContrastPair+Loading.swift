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
}

import Foundation

extension Workspace {
    /// Answers of endpoints, kept so that nothing is asked and paid for twice.
    public var answersFolder: String { root + "/cache/answers" }
    /// Every result of scoring as a line of JSON, failures with their reasons among them.
    public var scoringJournalPath: String { root + "/scoring.jsonl" }
}

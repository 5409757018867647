import Foundation

extension Workspace {
    /// Answers of endpoints, kept so that nothing is asked and paid for twice.
    public var answersFolder: String { root + "/cache/answers" }
    /// Every result of scoring as a line of JSON, failures with their reasons among them.
    public var scoringJournalPath: String { root + "/scoring.jsonl" }

    /// What a model file is called by people: the name of the file or folder, which says more than its metadata.
    public static func modelTitle(path: String) -> String {
        let name = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
        return name.hasSuffix(modelSuffix) ? String(name.dropLast(modelSuffix.count)) : name
    }
}

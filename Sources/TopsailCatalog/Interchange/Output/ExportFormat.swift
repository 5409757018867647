/// A file format that neurons can be written in.
public enum ExportFormat: String, Sendable, Hashable, CaseIterable {
    /// A table with a header (RFC 4180).
    case csv
    /// Everything, one neuron a line; imports again without loss.
    case jsonl
    /// For people to read.
    case markdown
    /// One file for a browser, with coloured contexts.
    case html
    /// Safe-SAIL's `neuron_db`.
    case safeSAIL = "safe-sail"
    /// Neuronpedia's export: a folder.
    case neuronpedia
    /// Bodies of requests that upload to Neuronpedia: a folder.
    case neuronpediaUpload = "neuronpedia-upload"
    /// Batches of SAEDashboard: a folder.
    case saeDashboard = "saedashboard"
    /// Explanations and scores as EleutherAI's delphi files them: a folder.
    case delphi

    /// Whether the output is a folder.
    public var isFolder: Bool { fileExtension.isEmpty }

    public var fileExtension: String {
        switch self {
        case .csv, .jsonl, .html: rawValue
        case .markdown: "md"
        case .safeSAIL: "json"
        case .neuronpedia, .neuronpediaUpload, .saeDashboard, .delphi: ""
        }
    }
}

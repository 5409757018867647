/// A table of neurons, one line each, with the columns of `topsail neurons --json`.
enum TableWriter {
    static let columns = [
        "neuron", "sae", "index", "layer", "explanation", "correlation_score", "tags", "density", "max",
    ]

    static func write(_ neurons: SelectedNeurons, to file: ExportFile, _ count: () throws -> Void) throws {
        try file.write(columns.joined(separator: ",") + "\n")
        try neurons.forEachRow { row in
            try file.write(fields(row).map(quoted).joined(separator: ",") + "\n")
            try count()
        }
    }

    private static func fields(_ row: NeuronRow) -> [String] {
        [
            row.id.description, row.sae, String(row.index), row.layer.map { String($0) } ?? "", row.explanation ?? "",
            row.correlationScore.map { "\($0)" } ?? "", row.tags.joined(separator: " "),
            row.density.map { "\($0)" } ?? "", row.max.map { "\($0)" } ?? "",
        ]
    }

    private static func quoted(_ field: String) -> String {
        let needsQuotes = field.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
        return needsQuotes ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
    }
}

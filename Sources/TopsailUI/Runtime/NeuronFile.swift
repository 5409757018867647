import Foundation
import TopsailCatalog
import TopsailCore

/// A list of neurons as a file for other programs or people.
struct NeuronFile {
    private let rows: [NeuronRow]
    private let format: ExportRequest.Format

    init(_ rows: [NeuronRow], format: ExportRequest.Format) {
        self.rows = rows
        self.format = format
    }

    struct Failure: UserFacingError {
        var description: String
        var hint: String?
    }

    /// Writes beside and renames; a file that is there already is left alone.
    func write(to path: String) throws {
        let path = (path as NSString).expandingTildeInPath
        guard !FileManager.default.fileExists(atPath: path) else {
            throw Failure(description: "\(path) exists already", hint: "choose another name")
        }
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw Failure(description: "cannot write \(path)", hint: "is the folder there, and may you write to it?")
        }
    }

    var text: String {
        switch format {
        case .csv: csv
        case .jsonl: jsonLines
        case .markdown: markdown
        }
    }

    private static let columns = [
        "neuron", "sae", "index", "layer", "explanation", "correlation_score", "tags", "density", "max",
    ]

    private func fields(_ row: NeuronRow) -> [String?] {
        [
            row.id.description, row.sae, String(row.index), row.layer.map { String($0) }, row.explanation,
            row.correlationScore.map { "\($0)" }, row.tags.joined(separator: " "), row.density.map { "\($0)" },
            row.max.map { "\($0)" },
        ]
    }

    /// RFC 4180, with a header.
    private var csv: String {
        func quoted(_ field: String) -> String {
            field.contains { ",\"\r\n".contains($0) } ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
        }
        let lines = [Self.columns] + rows.map { fields($0).map { $0 ?? "" } }
        return lines.map { $0.map(quoted).joined(separator: ",") + "\n" }.joined()
    }

    /// One document a line, with the keys of `topsail neurons --json`.
    private var jsonLines: String {
        struct Line: Encodable {
            var row: NeuronRow

            enum Key: String, CodingKey {
                case neuron, sae, index, layer, explanation, tags, density, max
                case correlationScore = "correlation_score"
            }

            func encode(to encoder: any Encoder) throws {
                var line = encoder.container(keyedBy: Key.self)
                try line.encode(row.id.description, forKey: .neuron)
                try line.encode(row.sae, forKey: .sae)
                try line.encode(row.index, forKey: .index)
                try line.encode(row.layer, forKey: .layer)
                try line.encode(row.explanation, forKey: .explanation)
                try line.encode(row.correlationScore, forKey: .correlationScore)
                try line.encode(row.tags, forKey: .tags)
                try line.encode(row.density, forKey: .density)
                try line.encode(row.max, forKey: .max)
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return rows.compactMap { try? encoder.encode(Line(row: $0)) }.map { String(decoding: $0, as: UTF8.self) + "\n" }
            .joined()
    }

    /// A table for people to read.
    private var markdown: String {
        func cell(_ text: String) -> String {
            PrintableText.printable(text).replacing("|", with: "\\|").replacing("<", with: "&lt;")
        }
        var lines = [
            "| neuron | max | density % | score | explanation | tags |", "| ---: | ---: | ---: | ---: | --- | --- |",
        ]
        for row in rows {
            let figures = [
                row.max.map { Figures.activation($0) }, row.density.map { Figures.percent($0) },
                row.correlationScore.map { Figures.share($0) },
            ].map { $0 ?? "—" }
            let cells =
                [row.id.description] + figures + [cell(row.explanation ?? "—"), cell(row.tags.joined(separator: ", "))]
            lines.append("| " + cells.joined(separator: " | ") + " |")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

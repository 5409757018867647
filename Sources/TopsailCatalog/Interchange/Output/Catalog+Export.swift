import Foundation
import TopsailCore

extension Catalog {
    /// Writes neurons to a file (some formats: a folder), beside and renamed.
    ///
    /// - Parameters:
    ///   - force: Replaces what is at `path`.
    ///   - texts: What the tokens of an SAE's model say; contexts and logit effects may hold numbers only.
    ///   - progress: Told now and then how many neurons were written; throwing ends the export and leaves nothing.
    /// - Returns: Number of neurons written.
    /// - Throws: `InterchangeError` when there is something at `path` already or the format cannot hold the selection.
    public func export(
        _ format: ExportFormat, _ selection: ExportSelection, to path: String, force: Bool = false,
        texts: @escaping (SAERecord) -> any TokenTexts = { _ in NumberedTokenTexts() },
        progress: @escaping (Int) throws -> Void = { _ in }
    ) throws -> Int {
        let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        let isThere = FileManager.default.fileExists(atPath: path)
        if isThere, !force {
            throw InterchangeError(path: path, problem: "it exists already", hint: "--force replaces it")
        }
        if isThere, InputFolder.isThere(path) != format.isFolder {
            let what =
                format.isFolder ? "a folder is written, but this is a file" : "a file is written, but this is a folder"
            throw InterchangeError(path: path, problem: what)
        }
        let neurons = try SelectedNeurons(self, selection)
        let texts = ExportTexts(texts)
        var written = 0
        func count() throws {
            written += 1
            if written & 0xFF == 0 { try progress(written) }
        }
        if format.isFolder {
            try Self.write(format, neurons, texts, to: path, count)
        } else {
            let file = try ExportFile(path: path)
            try write(format, neurons, texts, to: file, path: path, count)
            try file.commit()
        }
        return written
    }

    private static func write(
        _ format: ExportFormat, _ neurons: SelectedNeurons, _ texts: ExportTexts, to folder: String,
        _ count: () throws -> Void
    ) throws {
        switch format {
        case .neuronpedia:
            try NeuronBatches<NeuronpediaBatch>(neurons: neurons, texts: texts).write(to: folder, count)
        case .neuronpediaUpload:
            try NeuronBatches<NeuronpediaUpload>(neurons: neurons, texts: texts).write(to: folder, count)
        case .saeDashboard:
            try NeuronBatches<SAEDashboardBatch>(neurons: neurons, texts: texts).write(to: folder, count)
        case .delphi: try DelphiWriter(neurons: neurons).write(to: folder, count)
        case .csv, .jsonl, .markdown, .html, .safeSAIL: break
        }
    }

    private func write(
        _ format: ExportFormat, _ neurons: SelectedNeurons, _ texts: ExportTexts, to file: ExportFile, path: String,
        _ count: () throws -> Void
    ) throws {
        switch format {
        case .csv: try TableWriter.write(neurons, to: file, count)
        case .jsonl: try JSONLinesWriter(self, neurons, texts).write(to: file, count)
        case .markdown: try MarkdownWriter(texts).write(neurons, to: file, count)
        case .html: try HTMLWriter(texts).write(neurons, to: file, count)
        case .safeSAIL: try SafeSAILWriter(path: path).write(neurons, catalog: self, to: file, count)
        case .neuronpedia, .neuronpediaUpload, .saeDashboard, .delphi: break
        }
    }
}

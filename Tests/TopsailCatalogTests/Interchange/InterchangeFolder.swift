import Foundation
import TopsailCatalog
import TopsailCore
import TopsailFiles
import TopsailTestSupport

/// A catalog and a folder of files to import, both of one test's own.
final class InterchangeFolder {
    let sample: SampleCatalog
    let folder: TemporaryFolder
    var catalog: Catalog { sample.catalog }

    init(width: Int = 32) throws {
        sample = try SampleCatalog(width: width)
        folder = try TemporaryFolder()
    }

    /// Writes a file and imports it.
    @discardableResult
    func bring(
        _ format: ImportFormat, _ text: String, name: String = "file", options: ImportOptions = ImportOptions()
    ) throws -> ImportReport {
        try bring(format, at: folder.file(name, Data(text.utf8)), options: options)
    }

    @discardableResult
    func bring(
        _ format: ImportFormat, at path: String, options: ImportOptions = ImportOptions()
    ) throws -> ImportReport {
        try catalog.importFile(format, at: path, options: options)
    }

    /// The sentence of the error that importing a file ends with.
    func failure(_ format: ImportFormat, _ bytes: some Collection<UInt8>, name: String = "file") throws -> String? {
        let path = try folder.file(name, bytes)
        do {
            _ = try catalog.importFile(format, at: path)
            return nil
        } catch {
            return String(describing: error).replacing(path, with: name)
        }
    }

    func gzip(_ text: String) throws -> Data { try Gzip.compress(Data(text.utf8)) }

    /// Exports everything and gives the file's text.
    func export(_ format: ExportFormat, from catalog: Catalog? = nil) throws -> String {
        let path = folder.path("export-\(UUID().uuidString)")
        _ = try (catalog ?? self.catalog).export(format, .matching(NeuronFilter()), to: path)
        return try String(contentsOfFile: path, encoding: .utf8)
    }

    /// How many rows the tables have that imports write to.
    func rows() throws -> [Int?] {
        try [
            "neuron", "neuron_evidence", "explanation", "explanation_score", "derived_tag", "corpus_document",
            "human_explanation", "human_tag", "journal_step", "import_run", "sae", "neuron_search",
        ]
        .map { try catalog.integer(sql: "SELECT count(*) FROM \($0)") }
    }
}

/// Options with a name for the SAE.
func named(_ name: String) -> ImportOptions {
    var options = ImportOptions()
    options.name = name
    return options
}

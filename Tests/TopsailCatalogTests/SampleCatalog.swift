import Foundation
import TopsailCatalog
import TopsailCore

/// A small catalog with known contents, in a folder of its own.
final class SampleCatalog {
    let folder: String
    let catalog: Catalog
    var path: String { folder + "/catalog.sqlite" }

    static let sae = "tiny-14"
    static let corpus = "stories"
    static let corpusLength = 256

    init(width: Int = 32) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("catalog-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        catalog = try Catalog(path: folder + "/catalog.sqlite")
        try catalog.install(Self.taxonomy())
        try catalog.register(Self.record(name: Self.sae, layer: 14, width: width, isDefault: true))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// A second connection to the same file, as another program has it.
    func reopened(_ mode: Catalog.Mode = .readWrite) throws -> Catalog { try Catalog(path: path, mode: mode) }

    static func record(name: String, layer: Int, width: Int, isDefault: Bool = false) -> SAERecord {
        SAERecord(
            name: name, model: "tiny", hook: HookPoint(.mlpOut, layer: layer), architecture: "topk", dIn: 16,
            dSAE: width,
            k: 4, isDefault: isDefault,
            collection: CollectionFacts(
                corpus: corpus, countedTokens: 4096, contextLength: 128, excludedTokens: "BOS"))
    }

    static func taxonomy() throws -> Taxonomy { try Taxonomy.decode(Data(taxonomyJSON.utf8), path: "taxonomy.json") }

    static let taxonomyJSON = """
        {"version": 1, "name": "test", "schemes": {"other": "Another scheme"}, "domains": [
          {"id": "violence", "label": "Violence", "description": "Force.", "safe_sail": "Violence", "concepts": [
            {"id": "violence.threat", "label": "Threat", "description": "Stated intent.", "map": {"other": ["T"]}},
            {"id": "violence.injury", "label": "Injury"}]},
          {"id": "privacy", "label": "Privacy", "concepts": [{"id": "privacy.doxxing", "label": "Doxxing"}]}]}
        """

    /// Stores one document whose token at position `i` is `i * 3`.
    @discardableResult
    func addDocument(number: Int = 0) throws -> DocumentID {
        let tokens = (0..<Self.corpusLength).map { TokenID($0 * 3) }
        return try catalog.addDocuments(
            [CorpusDocument(number: number, topic: "weather", tokens: tokens)], toCorpus: Self.corpus)[0]
    }
}

extension NeuronID {
    /// A neuron of the sample's default SAE.
    static func sample(_ index: Int) -> NeuronID { .layered(layer: 14, index: index) }
}

/// Reproducible random numbers (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// The reason of the catalog error that `body` throws; `nil` when it throws none.
func reason(_ body: () throws -> Void) -> CatalogError.Reason? {
    do {
        try body()
        return nil
    } catch {
        return (error as? CatalogError)?.reason
    }
}

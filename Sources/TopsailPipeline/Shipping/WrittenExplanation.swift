import Foundation
import TopsailCatalog
import TopsailCore

/// What a person wrote about a neuron after reading its contexts; a line of `explanations.jsonl`.
///
/// Neurons of other weights are other neurons, so that a line counts only for the SAE with its checksum.
struct WrittenExplanation: Codable {
    var sae: String
    var saeSHA256: String
    var index: Int
    var text: String

    private enum CodingKeys: String, CodingKey {
        case sae, index, text
        case saeSHA256 = "sae_sha256"
    }

    /// - Returns: Nothing when there is no such file.
    /// - Throws: `PipelineError` for a line that is none.
    static func load(path: String) throws -> [WrittenExplanation] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try JSONLines.read(WrittenExplanation.self, path: path)
    }

    /// Puts those that belong to the members beside the counted explanations, as a person's.
    static func install(
        _ explanations: [WrittenExplanation], for members: [CatalogBuild.Member], in catalog: Catalog
    ) throws {
        let checksums = Set(members.compactMap(\.sha256))
        for explanation in explanations where checksums.contains(explanation.saeSHA256) {
            try catalog.setExplanation(
                explanation.text, of: .named(sae: explanation.sae, index: explanation.index))
        }
        try catalog.forgetJournal()
    }
}

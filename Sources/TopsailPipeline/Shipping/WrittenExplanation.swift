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

    /// Puts those that belong to the members beside the counted explanations, as a reader's.
    static func install(
        _ explanations: [WrittenExplanation], for members: [CatalogBuild.Member], in catalog: Catalog
    ) throws {
        for member in members {
            let own = explanations.filter { $0.saeSHA256 == member.sha256 }.map {
                ($0.index, NeuronExplanation(source: NeuronExplanation.readerSource, text: $0.text))
            }
            guard !own.isEmpty else { continue }
            try catalog.updateDerived(sae: member.sae.info.name) {
                try $0.addExplanations(Dictionary(own, uniquingKeysWith: { $1 }))
            }
        }
    }
}

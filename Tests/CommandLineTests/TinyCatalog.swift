import Foundation
import TopsailCatalog
import TopsailCore
import TopsailTestSupport

/// A catalog of four neurons in layer 3.
enum TinyCatalog {
    static let taxonomyJSON = """
        {"version": 1, "name": "test", "domains": [
          {"id": "violence", "label": "Violence", "concepts": [{"id": "violence.threat", "label": "Threat"}]},
          {"id": "privacy", "label": "Privacy", "concepts": [{"id": "privacy.doxxing", "label": "Doxxing"}]}]}
        """

    /// The catalog as one file.
    ///
    /// - Parameter explanation: What neuron 1 stands for.
    static func file(explanation: String) throws -> Data {
        let folder = try TemporaryFolder()
        let catalog = try Catalog(path: folder.path("catalog.sqlite"))
        try catalog.install(Taxonomy.decode(Data(taxonomyJSON.utf8), path: "taxonomy.json"))
        try catalog.register(
            SAERecord(
                name: "tiny", model: "tiny", hook: HookPoint(.mlpOut, layer: 3), architecture: "topk", dIn: 8, dSAE: 4,
                isDefault: true))
        let document = try catalog.addDocuments([CorpusDocument(number: 0, tokens: [5, 6, 7, 8])], toCorpus: "test")[0]
        let neurons = (0..<4).map { index in
            DerivedNeuron(
                index: index,
                statistics: NeuronStatistics(density: Double(index) / 100, maxActivation: Float(index) + 0.5),
                contexts: [NeuronContext(documentID: document, start: 0, activations: [0, 0.25, 0.5, 0])],
                explanations: index == 1 ? [NeuronExplanation(source: "tokens", text: explanation)] : [],
                tags: index == 2 ? [DerivedTag(slug: "violence.threat", source: .contrast, score: 0.75, pairs: 8)] : [])
        }
        try catalog.replaceDerived(sae: "tiny") { writer in try writer.add(neurons) }
        try catalog.backup(to: folder.path("packed.sqlite"))
        return try Data(contentsOf: URL(fileURLWithPath: folder.path("packed.sqlite")))
    }

    /// Puts the catalog into the program's workspace.
    static func install(in program: Program, explanation: String = "verbs of motion") throws {
        try FileManager.default.createDirectory(atPath: program.workspace, withIntermediateDirectories: true)
        try file(explanation: explanation).write(to: URL(fileURLWithPath: program.workspace + "/catalog.sqlite"))
    }
}

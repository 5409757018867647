import Foundation
import TopsailAnalysis
import TopsailCatalog
import TopsailCore
import TopsailModel
import TopsailPipeline
import TopsailTestSupport

/// A collection over short texts with an SAE of the tiny model, cut into many chunks.
struct TinyCollection {
    let folder: TemporaryFolder
    var build: CatalogBuild

    init(texts: Int = 60) throws {
        let model = try TinyModel.open()
        folder = try TemporaryFolder()
        let corpus = TinyModel.texts(texts).enumerated().map { index, source in
            CorpusText(id: "\(index)", topic: source.topic, kind: .opening, text: source.text)
        }
        build = CatalogBuild(
            model: model, corpusName: "tiny", texts: corpus,
            members: [.init(sae: TinyModel.sae(for: model), isDefault: true)],
            pairs: [
                ("The cat sat by the door.", "The cat sat by the hill."),
                ("A river ran past the door.", "A river ran past the mill."),
            ].map { ContrastPair(concept: "violence", present: $0, absent: $1) })
        build.collection.chunkTokens = 300
        build.collection.contexts = 3
        build.split = HeldOutSplit(fraction: 0.2)
    }

    /// What a catalog holds of every neuron.
    typealias Content = [NeuronDetail]

    func onePass() throws -> Content { try content { _ = try build.run(into: $0) } }

    func merged(_ parts: [String]) throws -> Content { try content { _ = try build.run(merging: parts, into: $0) } }

    func content(_ fill: (Catalog) throws -> Void) throws -> Content {
        let catalog = try Catalog.temporary()
        try catalog.install(Taxonomy.decode(Data(Self.taxonomy.utf8), path: "taxonomy.json"))
        try fill(catalog)
        return try catalog.neurons(matching: NeuronFilter(), sort: NeuronSort(.id)).map { try catalog.neuron($0.id) }
    }

    private static let taxonomy = """
        {"version": 1, "name": "test", "domains": [{"id": "violence", "label": "Violence", "concepts": []}]}
        """

    func collection(_ index: Int, of count: Int) -> PartCollection {
        var collection = PartCollection(build)
        collection.shard = Shard(index: index, count: count)!
        return collection
    }

    /// Writes the part of a shard; its path.
    func part(_ index: Int, of count: Int) throws -> String {
        let path = folder.path("part-\(index)-of-\(count).topsail")
        _ = try collection(index, of: count).write(to: path)
        return path
    }

    func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }
}

import Foundation
import TopsailAnalysis
import TopsailCatalog
import TopsailCore
import TopsailEngine
import TopsailModel
import TopsailPipeline
import TopsailSAE

/// Opens what a collection is made from, by the names that a person gave.
struct CollectionInputs {
    var workspace: Workspace
    var request: PartRequest

    /// - Parameter catalog: Where the result goes; says which SAE is its layer's. `nil` where only a part is written.
    func build(catalog: Catalog?) throws -> CatalogBuild {
        let corpus = request.corpus ?? ""
        let store = CorpusStore(path: corpus)
        let model = try LanguageModel.open(path: workspace.modelPath(request.model))
        var build = CatalogBuild(
            model: model, corpusName: store.name, texts: try store.texts(),
            members: try request.saes.map { try member($0, catalog) },
            pairs: try request.pairs.map(ContrastPair.load) ?? [], hook: hook)
        build.evaluationTokens = request.evaluationTokens
        return build
    }

    private var hook: HookPoint? { request.hook.flatMap { HookPoint($0) } }

    /// The first SAE at a layer that has none in the default set becomes that layer's.
    private func member(_ name: String, _ catalog: Catalog?) throws -> CatalogBuild.Member {
        let place = try workspace.sae(name)
        let sae = try SAELoader.open(
            path: place.path, name: place.name, format: request.saeFormat, options: request.saeOptions)
        let layer = (hook ?? sae.info.hook)?.layer
        let records = try catalog?.saes() ?? []
        let isDefault =
            records.first { $0.name == sae.info.name }?.isDefault
            ?? !records.contains { $0.isDefault && $0.layer == layer }
        return CatalogBuild.Member(sae: sae, path: place.path, isDefault: isDefault)
    }
}

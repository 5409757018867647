import TopsailCatalog
import TopsailCore
import TopsailEngine

/// How neurons of a live report are called: `layer_index` within the catalog's default set, `sae/index` otherwise.
struct NeuronNames {
    private let saes: [LiveSAE]
    /// The layer of SAEs in the default set.
    private let layers: [Int?]

    init(_ saes: [LiveSAE], catalog: Catalog?) throws {
        self.saes = saes
        let records = try catalog?.saes() ?? []
        layers = saes.map { sae in records.first { $0.name == sae.name && $0.isDefault }?.layer }
    }

    func id(_ feature: LiveFeature) -> NeuronID {
        layers[feature.sae].map { .layered(layer: $0, index: feature.index) }
            ?? .named(sae: saes[feature.sae].name, index: feature.index)
    }

    func sae(_ feature: LiveFeature) -> String { saes[feature.sae].name }
}

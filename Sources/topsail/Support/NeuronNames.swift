import TopsailCatalog
import TopsailCore
import TopsailEngine

/// How neurons are called: `layer_index` within the catalog's default set, `sae/index` otherwise.
struct NeuronNames {
    private let saes: [String]
    /// The layer of SAEs in the default set.
    private let layers: [Int?]

    /// - Parameter saes: Their names, in the order that reports count them in.
    init(_ saes: [String], catalog: Catalog?) throws {
        self.saes = saes
        let records = try catalog?.saes() ?? []
        layers = saes.map { name in records.first { $0.name == name && $0.isDefault }?.layer }
    }

    func id(_ feature: LiveFeature) -> NeuronID { id(feature.sae, feature.index) }

    /// - Returns: Under the SAE's own name where it is none of those that were given.
    func id(sae: String, index: Int) -> NeuronID {
        saes.firstIndex(of: sae).map { id($0, index) } ?? .named(sae: sae, index: index)
    }

    func sae(_ feature: LiveFeature) -> String { saes[feature.sae] }

    private func id(_ sae: Int, _ index: Int) -> NeuronID {
        layers[sae].map { .layered(layer: $0, index: index) } ?? .named(sae: saes[sae], index: index)
    }
}

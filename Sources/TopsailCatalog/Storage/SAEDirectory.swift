import GRDB
import TopsailCore

/// The SAEs of a catalog in one snapshot: turns names of neurons into row ids and back.
struct SAEDirectory {
    struct Entry {
        let id: Int64
        let record: SAERecord
        /// Whether `layer_index` means a neuron of this SAE and no other.
        var isLayered = false
    }

    /// By layer, those without one last, then by name.
    private(set) var entries: [Entry]

    init(_ db: Database) throws {
        let sql = """
            SELECT sae.*, model.name AS model FROM sae JOIN model ON model.id = sae.model_id
            ORDER BY sae.layer ASC NULLS LAST, sae.name
            """
        entries = try Row.fetchAll(db, sql: sql).map { Entry(id: $0["id"], record: SAERecord(row: $0)) }
        let defaults = entries.filter { $0.record.isDefault && $0.record.layer != nil }
        let perLayer = Dictionary(grouping: defaults) { $0.record.layer }
        for index in entries.indices where entries[index].record.isDefault {
            entries[index].isLayered = perLayer[entries[index].record.layer]?.count == 1
        }
    }

    subscript(id: Int64) -> Entry? { entries.first { $0.id == id } }

    func entry(named name: String) throws(CatalogError) -> Entry {
        if let entry = entries.first(where: { $0.record.name == name }) { return entry }
        throw CatalogError(.unknownSAE(name, known: entries.map(\.record.name)))
    }

    /// What people call the neuron.
    func name(of key: NeuronKey) -> NeuronID {
        guard let entry = self[key.sae] else { return .named(sae: "#\(key.sae)", index: key.index) }
        if entry.isLayered, let layer = entry.record.layer { return .layered(layer: layer, index: key.index) }
        return .named(sae: entry.record.name, index: key.index)
    }

    /// The row id of a neuron, which need not have a row yet.
    func key(of id: NeuronID) throws(CatalogError) -> NeuronKey {
        let entry = try entry(for: id)
        guard entry.record.dSAE > id.index else {
            let exists = "\(entry.record.name) has 0 … \(entry.record.dSAE - 1)"
            throw CatalogError(.unknownNeuron(id.description, exists: exists))
        }
        return NeuronKey(sae: entry.id, index: id.index)
    }

    private func entry(for id: NeuronID) throws(CatalogError) -> Entry {
        switch id {
        case .named(let sae, _):
            return try entry(named: sae)
        case .layered(let layer, let index):
            let candidates = entries.filter { $0.record.isDefault && $0.record.layer == layer }
            if candidates.count == 1 { return candidates[0] }
            if candidates.isEmpty { throw CatalogError(.unknownNeuron(id.description, exists: defaultLayers)) }
            let names = candidates.map { NeuronID.named(sae: $0.record.name, index: index).description }
            throw CatalogError(.ambiguousNeuron(id.description, candidates: names))
        }
    }

    private var defaultLayers: String {
        let layers = entries.filter(\.record.isDefault).compactMap(\.record.layer)
        if entries.isEmpty { return "the catalog holds no SAE" }
        if layers.isEmpty { return "no SAE is in the default set, so write sae-name/index" }
        return "the default SAE set reads layers " + layers.map(String.init).joined(separator: ", ")
    }
}

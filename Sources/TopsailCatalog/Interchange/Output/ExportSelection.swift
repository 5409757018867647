import GRDB
import TopsailCore

/// Which neurons an export holds, in which order.
public enum ExportSelection: Sendable, Hashable {
    /// What `topsail neurons` lists.
    case matching(NeuronFilter, sort: NeuronSort = NeuronSort(.id), limit: Int = .max, offset: Int = 0)
    case neurons([NeuronID])
}

/// Walks a selection in pieces, so that memory does not grow with it.
struct SelectedNeurons {
    let catalog: Catalog
    private let keys: [NeuronKey]

    /// Neurons that are read at a time.
    private static let piece = 200

    init(_ catalog: Catalog, _ selection: ExportSelection) throws {
        self.catalog = catalog
        keys = try catalog.read { db in
            let directory = try SAEDirectory(db)
            switch selection {
            case .matching(let filter, let sort, let limit, let offset):
                return try NeuronQuery(db, filter, directory).page(db, sort: sort, limit: limit, offset: offset)
            case .neurons(let ids): return try ids.map { try directory.key(of: $0) }
            }
        }
    }

    var count: Int { keys.count }

    /// Layer and index of each, where the neuron has a layer, by its row id.
    var inLayerOrder: SelectedNeurons {
        get throws {
            let layers = try catalog.read { db in
                Dictionary(uniqueKeysWithValues: try SAEDirectory(db).entries.map { ($0.id, $0.record.layer ?? .max) })
            }
            let sorted = keys.sorted {
                (layers[$0.sae] ?? .max, $0.index, $0.sae) < (layers[$1.sae] ?? .max, $1.index, $1.sae)
            }
            return SelectedNeurons(catalog: catalog, keys: sorted)
        }
    }

    private init(catalog: Catalog, keys: [NeuronKey]) {
        self.catalog = catalog
        self.keys = keys
    }

    /// The SAEs that the neurons belong to.
    func saes() throws -> [SAERecord] {
        let ids = Set(keys.map(\.sae))
        return try catalog.read { db in
            try SAEDirectory(db).entries.filter { ids.contains($0.id) }.map(\.record)
        }
    }

    /// The lines of the neurons.
    func forEachRow(_ body: (NeuronRow) throws -> Void) throws {
        for start in stride(from: 0, to: keys.count, by: Self.piece) {
            let part = Array(keys[start..<min(start + Self.piece, keys.count)])
            let rows = try catalog.read { db in
                try NeuronRows(db: db, directory: SAEDirectory(db)).fetch(part)
            }
            for row in rows { try body(row) }
        }
    }

    /// All that is known of each neuron.
    func forEachDetail(_ body: (ExportedNeuron) throws -> Void) throws {
        for start in stride(from: 0, to: keys.count, by: Self.piece) {
            let part = Array(keys[start..<min(start + Self.piece, keys.count)])
            let details = try catalog.read { db in
                let reader = DetailReader(db: db, directory: try SAEDirectory(db), path: catalog.path)
                return try part.map { try reader.read($0) }
            }
            for detail in details { try body(ExportedNeuron(detail: detail)) }
        }
    }
}

/// One neuron with all that an export may hold.
struct ExportedNeuron {
    let detail: NeuronDetail

    var rating: Int? { detail.rating }
    /// What a person wrote.
    var humanExplanation: NeuronExplanation? {
        detail.explanations.first { $0.source == NeuronExplanation.humanSource }
    }
}

import GRDB
import TopsailCore

/// Finds the SAEs that a file speaks of, and makes those that the catalog does not have.
final class ImportedSAEs {
    /// One SAE of the catalog.
    final class Target {
        let id: Int64
        let name: String
        /// Indices below this exist.
        private(set) var width: Int
        /// Nobody said how wide it is: it grows with the neurons that come.
        private let grows: Bool
        /// Its statistics were counted by a collection of one's own, which imported figures do not replace.
        let keepsMeasured: Bool
        /// It had neurons before.
        let hadNeurons: Bool
        private(set) var indices: ClosedRange<Int>?

        init(_ entry: SAEDirectory.Entry, declared: SAERecord?) {
            id = entry.id
            name = entry.record.name
            width = entry.record.dSAE
            grows = entry.record.architecture == ImportedSAEs.unknown && entry.record.sha256 == nil
            hadNeurons = entry.record.neuronCount > 0
            keepsMeasured = entry.record.collection.map { $0 != declared?.collection } ?? false
        }

        /// - Returns: `false` when the SAE has no such neuron.
        func take(index: Int) -> Bool {
            if index >= width {
                guard grows, index < NeuronKey.maxWidth else { return false }
                width = index + 1
            }
            if let known = indices {
                if !known.contains(index) {
                    indices = min(known.lowerBound, index)...max(known.upperBound, index)
                }
            } else {
                indices = index...index
            }
            return true
        }
    }

    /// What is known of the SAEs of a format that names layers only.
    var layers = LayerDefaults()

    /// Architecture of an SAE of which nothing but neurons is known.
    static let unknown = "unknown"

    private let db: Database
    private let options: ImportOptions
    private var targets: [ImportedSAE: Target] = [:]
    private var last: (reference: ImportedSAE, target: Target)?
    private var declared: [String: SAERecord] = [:]
    /// The name in the file that `options.name` stands for.
    private var renamed: String?

    init(_ db: Database, _ options: ImportOptions) throws {
        self.db = db
        self.options = options
    }

    /// Remembers what the file says about an SAE, for when the first of its neurons comes.
    func declare(_ record: SAERecord) throws {
        var record = record
        let original = record.name
        record.name = catalogName(original)
        if let model = options.model { record.model = model }
        declared[record.name] = record
        _ = try target(of: ImportedSAE(name: original))
    }

    func target(of reference: ImportedSAE) throws -> Target {
        if let last, last.reference == reference { return last.target }
        let target = try targets[reference] ?? resolve(reference)
        targets[reference] = target
        last = (reference, target)
        return target
    }

    // MARK: Names

    private func resolve(_ reference: ImportedSAE) throws -> Target {
        let directory = try SAEDirectory(db)
        let name: String
        if let original = reference.name {
            name = catalogName(original)
        } else if options.name == nil, let known = Self.defaultSAE(reference, directory, options) {
            name = known
        } else {
            name = [options.name ?? layers.prefix, reference.layer.map(String.init)].compactMap { $0 }.joined(
                separator: "-")
        }
        let known = targets.values.first { $0.name == name }
        if let known { return known }
        if let entry = directory.entries.first(where: { $0.record.name == name }) {
            return Target(entry, declared: declared[name])
        }
        return try make(name, reference, directory)
    }

    /// The one SAE of the default set in that layer, which a name like `17_2424` means.
    private static func defaultSAE(
        _ reference: ImportedSAE, _ directory: SAEDirectory, _ options: ImportOptions
    ) -> String? {
        let model = options.model ?? reference.model
        let candidates = directory.entries.map(\.record).filter {
            $0.isDefault && $0.layer != nil && $0.layer == reference.layer && (model == nil || $0.model == model)
        }
        return candidates.count == 1 ? candidates[0].name : nil
    }

    /// `options.name` for the first SAE of the file, and a name made with it for every other.
    private func catalogName(_ original: String) -> String {
        guard let name = options.name else { return original }
        if renamed == nil { renamed = original }
        return renamed == original ? name : "\(name)-\(original)"
    }

    // MARK: Making and growing

    private func make(_ name: String, _ reference: ImportedSAE, _ directory: SAEDirectory) throws -> Target {
        var record = declared[name] ?? newRecord(name, reference)
        // A layer's place in the default set is not taken from another SAE, of whatever model: `17_2424` would
        // stop meaning what it meant.
        let isTaken = directory.entries.contains { $0.record.isDefault && $0.record.layer == record.layer }
        if record.layer == nil || isTaken { record.isDefault = false }
        guard !name.isEmpty, (1...NeuronKey.maxWidth).contains(record.dSAE), record.dIn >= 0 else {
            throw CatalogError(.invalid(what: "SAE \(name)", problem: "it needs a name and 0 < d_sae <= 2^32"))
        }
        let model = try Catalog.modelID(db, ModelRecord(name: record.model ?? SAERecord.noModelName))
        try Catalog.upsert(db, record, model: model)
        return Target(try SAEDirectory(db).entry(named: StoredText.clean(name)), declared: record)
    }

    private func newRecord(_ name: String, _ reference: ImportedSAE) -> SAERecord {
        let known = reference.name == nil ? layers : LayerDefaults()
        let hook = reference.hook ?? reference.layer.map { HookPoint(options.site ?? known.site, layer: $0) }
        return SAERecord(
            name: name, model: options.model ?? reference.model ?? "unknown", hook: hook,
            architecture: known.architecture, dIn: known.dIn, dSAE: options.width ?? known.dSAE, k: known.k,
            isDefault: reference.name == nil)
    }

    /// Writes down the width of SAEs that grew.
    func finish() throws {
        for target in Set(targets.values.map(\.id)) {
            guard let width = targets.values.filter({ $0.id == target }).map(\.width).max() else { continue }
            try db.execute(
                sql: "UPDATE sae SET d_sae = ? WHERE id = ? AND d_sae < ?", arguments: [width, target, width])
        }
    }

    /// Row ids between which the import changed something, one range for each SAE; never a single one, which would mean
    /// a change by a person to `Combine`.
    var touched: [ClosedRange<Int64>] {
        var ranges: [Int64: ClosedRange<Int64>] = [:]
        for target in targets.values {
            guard let indices = target.indices else { continue }
            let low = NeuronKey(sae: target.id, index: indices.lowerBound).rowID
            ranges[target.id] = low...max(NeuronKey(sae: target.id, index: indices.upperBound).rowID, low + 1)
        }
        return ranges.sorted { $0.key < $1.key }.map(\.value)
    }
}

/// What a format's SAEs have in common where its files name layers only.
public struct LayerDefaults: Sendable {
    /// Their names are this and the layer.
    public var prefix = "imported"
    public var site = HookSite.residPost
    public var architecture = "unknown"
    public var dIn = 0
    public var dSAE = 1
    public var k: Int?

    public init() {}
}

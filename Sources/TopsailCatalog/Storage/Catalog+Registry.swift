import GRDB
import TopsailCore

extension Catalog {
    /// Adds a model, or brings its checksum up to date.
    public func register(_ model: ModelRecord) throws(CatalogError) {
        try write { db in _ = try Self.modelID(db, model) }
    }

    /// Adds an SAE, or brings the one of that name up to date. Its model is added when it is not known.
    ///
    /// Empty metrics and a missing collection leave what the catalog has. An SAE that joins the default set takes its
    /// layer's place there.
    ///
    /// - Throws: `invalid` when the catalog holds neurons of an SAE of that name and another width.
    public func register(_ sae: SAERecord) throws(CatalogError) {
        try write { db in try Self.register(db, sae) }
    }

    /// The same inside of a transaction.
    static func register(_ db: Database, _ sae: SAERecord) throws {
        guard (1...NeuronKey.maxWidth).contains(sae.dSAE), sae.dIn > 0, !sae.name.isEmpty else {
            throw CatalogError(
                .invalid(what: "SAE \(sae.name)", problem: "it needs a name, d_in > 0 and 0 < d_sae <= 2^32"))
        }
        let model = try modelID(db, ModelRecord(name: sae.model ?? SAERecord.noModelName))
        if let old = try SAEDirectory(db).entries.first(where: { $0.record.name == sae.name })?.record,
            old.neuronCount > 0, old.dSAE != sae.dSAE
        {
            let problem = "the catalog holds neurons of an SAE of that name with d_sae \(old.dSAE), not \(sae.dSAE)"
            throw CatalogError(.invalid(what: "SAE \(sae.name)", problem: problem))
        }
        if sae.isDefault {
            let sql = "UPDATE sae SET is_default = 0 WHERE model_id = ? AND layer IS ? AND name <> ?"
            try db.execute(sql: sql, arguments: [model, sae.layer, sae.name])
        }
        try upsert(db, sae, model: model)
    }

    /// Every SAE by layer, then name.
    public func saes() throws(CatalogError) -> [SAERecord] {
        try read { db in try SAEDirectory(db).entries.map(\.record) }
    }

    /// The SAE of that name; the error lists the names there are.
    public func sae(named name: String) throws(CatalogError) -> SAERecord {
        try read { db in try SAEDirectory(db).entry(named: name).record }
    }

    /// Every model by name.
    public func models() throws(CatalogError) -> [ModelRecord] {
        try read { db in
            let sql = "SELECT name, sha256 FROM model WHERE name <> ? ORDER BY name"
            return try Row.fetchAll(db, sql: sql, arguments: [SAERecord.noModelName]).map {
                ModelRecord(name: $0["name"], sha256: $0["sha256"])
            }
        }
    }

    /// Reads the name of a neuron as people write it (`14_1424`, `sae-name/1424`) and checks that there is such a
    /// neuron.
    ///
    /// - Returns: Its name as the catalog writes it.
    public func neuronID(_ text: String) throws(CatalogError) -> NeuronID {
        guard let id = NeuronID(text) else { throw CatalogError(.badNeuronName(text)) }
        return try read { db in
            let directory = try SAEDirectory(db)
            return directory.name(of: try directory.key(of: id))
        }
    }

    static func modelID(_ db: Database, _ model: ModelRecord) throws -> Int64 {
        let sql = """
            INSERT INTO model(name, sha256) VALUES (?, ?)
            ON CONFLICT (name) DO UPDATE SET sha256 = coalesce(excluded.sha256, sha256) RETURNING id
            """
        return try Int64.fetchOne(db, sql: sql, arguments: [StoredText.clean(model.name), model.sha256])!
    }

    static func upsert(_ db: Database, _ sae: SAERecord, model: Int64) throws {
        let sql = """
            INSERT INTO sae(name, model_id, hook, layer, architecture, d_in, d_sae, k, path, sha256, metrics,
                            is_default, corpus, counted_tokens, context_length, excluded_tokens)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET
                model_id = excluded.model_id, hook = excluded.hook, layer = excluded.layer,
                architecture = excluded.architecture, d_in = excluded.d_in, d_sae = excluded.d_sae, k = excluded.k,
                path = excluded.path, sha256 = excluded.sha256, is_default = excluded.is_default,
                metrics = iif(excluded.metrics = '{}', metrics, excluded.metrics),
                corpus = coalesce(excluded.corpus, corpus),
                counted_tokens = coalesce(excluded.counted_tokens, counted_tokens),
                context_length = coalesce(excluded.context_length, context_length),
                excluded_tokens = coalesce(excluded.excluded_tokens, excluded_tokens)
            """
        try db.execute(
            sql: sql,
            arguments: [
                StoredText.clean(sae.name), model, sae.hook?.description, sae.layer, sae.architecture, sae.dIn,
                sae.dSAE,
                sae.k, sae.path, sae.sha256, sae.metricsJSON, sae.isDefault, sae.collection?.corpus,
                sae.collection?.countedTokens, sae.collection?.contextLength, sae.collection?.excludedTokens,
            ])
    }
}

import GRDB
import TopsailCore

// What a person does to the catalog. Each call is one step of the journal, whatever it changes; a call that changes
// nothing is no step and returns `false`.

extension Catalog {
    /// Puts a category on a neuron.
    @discardableResult
    public func addTag(_ slug: String, to neuron: NeuronID) throws(CatalogError) -> Bool {
        try addTags([slug], to: [neuron])
    }

    /// Takes a category off a neuron. If a machine put it on, the neuron stays without it when machines derive again.
    @discardableResult
    public func removeTag(_ slug: String, from neuron: NeuronID) throws(CatalogError) -> Bool {
        try removeTags([slug], from: [neuron])
    }

    /// Puts every one of `slugs` on every one of `neurons`, as one step.
    @discardableResult
    public func addTags(_ slugs: [String], to neurons: [NeuronID]) throws(CatalogError) -> Bool {
        try setTags(slugs, of: neurons) { _, _, _ in "added" }
    }

    /// Takes every one of `slugs` off every one of `neurons`, as one step.
    @discardableResult
    public func removeTags(_ slugs: [String], from neurons: [NeuronID]) throws(CatalogError) -> Bool {
        try setTags(slugs, of: neurons) { db, key, slug in
            let sql = """
                SELECT 1 FROM derived_tag d JOIN category c ON c.id = d.category_id WHERE d.neuron_id = ? AND c.slug = ?
                """
            return try Bool.fetchOne(db, sql: sql, arguments: [key.rowID, slug]) == true ? "removed" : nil
        }
    }

    /// Sets a person's explanation of a neuron, which is shown in place of derived ones. Blank text takes it away.
    @discardableResult
    public func setExplanation(_ text: String?, of neuron: NeuronID) throws(CatalogError) -> Bool {
        try setText(text, .explanation, of: neuron)
    }

    /// Sets a person's note on a neuron. Blank text takes it away.
    @discardableResult
    public func setNote(_ text: String?, of neuron: NeuronID) throws(CatalogError) -> Bool {
        try setText(text, .note, of: neuron)
    }

    /// Sets a person's rating of a neuron, from 1 (of no use) to 5 stars. `nil` takes it away.
    @discardableResult
    public func setRating(_ stars: Int?, of neuron: NeuronID) throws(CatalogError) -> Bool {
        if let stars, !(1...5).contains(stars) {
            throw CatalogError(.invalid(what: "a rating of \(stars)", problem: "ratings go from 1 to 5 stars"))
        }
        return try write { db in
            let key = try SAEDirectory(db).key(of: neuron)
            return try Journal(db).perform([
                (AnnotationTarget(field: .rating, neuron: key.rowID), stars.map(String.init))
            ])
        }
    }

    // MARK: Journal

    /// Takes back the latest step, whenever it was made.
    ///
    /// - Returns: The step, or `nil` when there is nothing to undo.
    @discardableResult
    public func undo() throws(CatalogError) -> JournalEntry? {
        try replay { try $0.undo() }
    }

    /// Brings back the step that was undone last, unless something else was done since.
    ///
    /// - Returns: The step, or `nil` when there is nothing to redo.
    @discardableResult
    public func redo() throws(CatalogError) -> JournalEntry? {
        try replay { try $0.redo() }
    }

    /// What people changed, newest first.
    public func log(limit: Int = 100) throws(CatalogError) -> [JournalEntry] {
        try read { db in try Journal(db).entries(limit: limit, SAEDirectory(db)) }
    }

    // MARK: Helpers

    private func setTags(
        _ slugs: [String], of neurons: [NeuronID],
        to value: (_ db: Database, _ key: NeuronKey, _ slug: String) throws -> String?
    ) throws(CatalogError) -> Bool {
        try write { db in
            let directory = try SAEDirectory(db)
            let wanted = try neurons.flatMap { neuron in
                let key = try directory.key(of: neuron)
                return try slugs.map { slug in
                    let target = AnnotationTarget(field: .tag, neuron: key.rowID, name: slug)
                    return (target: target, value: try value(db, key, slug))
                }
            }
            return try Journal(db).perform(wanted)
        }
    }

    private func setText(
        _ text: String?, _ field: JournalChange.Field, of neuron: NeuronID
    ) throws(CatalogError)
        -> Bool
    {
        let isBlank = text?.allSatisfy(\.isWhitespace) ?? true
        let value = isBlank ? nil : StoredText.clean(text)
        return try write { db in
            let key = try SAEDirectory(db).key(of: neuron)
            return try Journal(db).perform([(AnnotationTarget(field: field, neuron: key.rowID), value)])
        }
    }

    private func replay(_ body: (Journal) throws -> Int64?) throws(CatalogError) -> JournalEntry? {
        try write { db in
            let journal = Journal(db)
            guard let step = try body(journal) else { return nil }
            return try journal.entries(step: step, limit: 1, SAEDirectory(db)).first
        }
    }
}
